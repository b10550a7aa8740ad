import type { ChartSeries } from '../../renderer/ui/series-chart/index.ts';
import type { Scenario } from './scenario.ts';

const startedAt = Date.UTC(2026, 10, 20, 9, 0, 0);
const names = [
  'sunny-otter',
  'quiet-heron',
  'brave-lynx',
  'small-wren',
  'grey-marten',
  'late-swift',
  'bold-ibis',
  'calm-vole',
];

/** Training curves as they look in life, the same on every call. */
export function seriesOf(scenario: Scenario): ChartSeries[] {
  if (scenario.data === 'empty') return [];
  return Array.from({ length: scenario.lines }, (_, line) => oneSeries(scenario, line));
}

function oneSeries(scenario: Scenario, line: number): ChartSeries {
  const count = scenario.data === 'one-point' ? 1 : scenario.points;
  const random = randomFrom(line + 1);
  const steps = Float64Array.from({ length: count }, (_, at) => at);
  const times = steps.map((step) => startedAt + step * 1830 + line * 61_000);
  const rate = 3 + random() * 4;
  const floor = 0.08 + 0.03 * line + random() * 0.02;
  const noise = 0.02 + random() * 0.05;
  const values = steps.map((step) => {
    const part = count > 1 ? step / (count - 1) : 0;
    const curve =
      floor +
      (1.6 + random() * 0.02) * Math.exp(-part * rate) +
      (random() - 0.5) * noise * (0.3 + Math.exp(-part * 2));
    return scenario.data === 'powers' ? 10 ** (6 * (curve - 0.8)) : curve;
  });
  if (scenario.data === 'spike' && line === 0) values[617] = 14.5;
  if (scenario.data === 'not-finite' && line === 0) {
    values.fill(Number.NaN, 300, 310);
    values[700] = Number.POSITIVE_INFINITY;
  }
  if (scenario.data === 'powers' && line === 0) values.fill(-1, 40, 52);
  return {
    id: `run-${line}`,
    label: names[line] ?? `run-${line}`,
    colourIndex: line,
    steps,
    times,
    values,
    startedAt: startedAt + line * 61_000,
    isLive: scenario.isLive,
  };
}

/** Numbers in [0, 1) from a seed: mulberry32 by Tommy Ettinger, public domain. */
function randomFrom(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
