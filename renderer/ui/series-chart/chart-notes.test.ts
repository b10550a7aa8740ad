import { describe, expect, it } from 'vitest';
import { chartDescription } from './chart-description.ts';
import { chartNotes, pictureNotes } from './chart-notes.ts';
import { plotLine } from './plot-line.ts';

const line = (values: Float64Array, label = 'sunny') => {
  const steps = values.map((_, at) => at);
  return plotLine({ id: label, label, colourIndex: 0, steps, times: steps, values }, 'step', 0);
};
const broken = new Float64Array(1000).fill(1).fill(Number.NaN, 300, 310);
broken[700] = Number.NEGATIVE_INFINITY;

describe('notes', () => {
  it('count what is not finite and say where it is', () => {
    expect(chartNotes([line(broken)], [0, 999], 'linear', 'step').map((note) => note.text)).toEqual([
      '10 NaN, 300–309; 1 -Inf, 700',
    ]);
    expect(chartNotes([line(broken)], [305, 400], 'linear', 'step').map((note) => note.text)).toEqual([
      '5 NaN, 305–309',
    ]);
  });

  it('name the line where there are several, and count the rest past three', () => {
    const lines = ['a', 'b', 'c', 'd', 'e'].map((label) => line(broken, label));
    const texts = chartNotes(lines, [0, 999], 'linear', 'step').map((note) => note.text);
    expect(texts[0]).toBe('a: 10 NaN, 300–309; 1 -Inf, 700');
    expect(texts[3]).toBe('22 more not finite in 2 other lines');
  });

  it('say how many values a log axis cannot show', () => {
    const notes = chartNotes([line(Float64Array.of(-1, 0, 2))], [0, 2], 'log', 'step');
    expect(notes.map((note) => note.text)).toEqual(['2 at or below 0, not shown on a log axis']);
  });

  it('say what is shaded over the clock, and running time leaves it out', () => {
    const times = Float64Array.of(0, 60_000, 600_000, 660_000);
    const gaps = [{ from: 60_000, to: 600_000, why: 'asleep' as const }];
    const series = {
      id: 'a',
      label: 'a',
      colourIndex: 0,
      steps: times,
      times,
      values: times,
      startedAt: 0,
      gaps,
    };
    const clock = plotLine(series, 'time', 0);
    expect(chartNotes([clock], [0, 660_000], 'linear', 'time')[0]?.text).toMatch(
      /^Shaded: asleep 9 m 00 s at \d/,
    );
    expect(chartNotes([clock], [0, 50_000], 'linear', 'time')).toEqual([]);
    const running = plotLine(series, 'running-time', 0);
    expect([...running.xs]).toEqual([0, 60_000, 60_000, 120_000]);
    expect(chartNotes([running], [0, 120_000], 'linear', 'running-time')).toEqual([]);
  });

  it('say that colours repeat past ten', () => {
    const lines = Array.from({ length: 11 }, (_, at) => line(Float64Array.of(1), `run-${at}`));
    expect(chartNotes(lines, [0, 1], 'linear', 'step')[0]?.text).toBe(
      '11 lines; past 10, colours repeat with dashes',
    );
  });
});

describe('a picture that leaves the window', () => {
  it('says that it is smoothed and what lies past its edges', () => {
    const scale = { left: 0, top: 0, width: 100, height: 50, x: [0, 3], y: [0, 5], yKind: 'linear' } as const;
    expect(pictureNotes([line(Float64Array.of(1, 14.5, 9, 1))], scale, 'step', 0.6)).toEqual([
      'smoothed 0.6, as recorded in the background',
      '2 points above, max 14.5 at step 1',
    ]);
    expect(pictureNotes([line(Float64Array.of(1, 2))], scale, 'step', 0)).toEqual([]);
  });
});

describe('the description', () => {
  it('says what is there', () => {
    expect(chartDescription('loss', 'nats', [line(Float64Array.of(3, 1, 2))], 'step', [0, 2])).toBe(
      'loss in nats by step, 0 to 2, one line. sunny: last 2, least 1, greatest 3.',
    );
    expect(chartDescription('loss', undefined, [], 'step', [0, 1])).toBe('loss: no points yet.');
  });
});
