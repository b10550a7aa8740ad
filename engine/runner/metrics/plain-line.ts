import type { LineReading } from './line-reading.ts';
import { valueOf } from './number-at.ts';
import { kindOfName } from './vocabulary.ts';

const entry = /([A-Za-z_][\w./@-]*)=([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?|-?(?:nan|inf))(?:,? +|$)/y;
const stepNames = new Set([
  'step',
  'global_step',
  'iteration',
  'iter',
  'round',
  'trial',
  'episode',
  'update',
]);

/**
 * The short way for the commonest line, `epoch=3 loss=0.5 val_loss=0.6` and nothing else; null for every other line.
 * It says exactly what `lineReading` says of the same line, four times as fast.
 */
export function plainReading(line: string): LineReading | null {
  if (!line.includes('=')) return null;
  const values: [string, number][] = [];
  let step: number | null = null;
  let epoch: number | null = null;
  entry.lastIndex = 0;
  while (entry.lastIndex < line.length) {
    const match = entry.exec(line);
    if (match === null) return null;
    const name = match[1] ?? '';
    const text = match[2] ?? '';
    const isEpoch = name === 'epoch';
    if (isEpoch || stepNames.has(name)) {
      if (!/^\d+$/.test(text) || (isEpoch ? epoch : step) !== null) return null;
      if (isEpoch) epoch = Number(text);
      else step = Number(text);
      continue;
    }
    const kind = kindOfName(name);
    // Settings, and words that hide an epoch or a step, are weighed by the longer way.
    if (
      (kind !== 'metric' && kind !== 'other') ||
      /epoch|step|iter|round|trial|episode|update|^it$/i.test(name)
    )
      return null;
    values.push([name, valueOf(text)]);
  }
  if (values.length === 0) return null;
  return { values, params: [], step, epoch, epochTotal: null, progress: null, isBetweenBars: false };
}
