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

type Role = 'epoch' | 'step' | 'value' | 'unsure';
const known = new Map<string, Role>();
/** As in vocabulary.ts: names come from other people's output. */
const maxKnown = 10_000;

function roleOf(name: string): Role {
  const before = known.get(name);
  if (before !== undefined) return before;
  const role = judge(name);
  if (known.size >= maxKnown) known.clear();
  known.set(name, role);
  return role;
}

function judge(name: string): Role {
  if (name === 'epoch') return 'epoch';
  if (stepNames.has(name)) return 'step';
  const kind = kindOfName(name);
  // Settings, and words that hide an epoch or a step, are weighed by the longer way.
  if (kind !== 'metric' && kind !== 'other') return 'unsure';
  return /epoch|step|iter|round|trial|episode|update|^it$/i.test(name) ? 'unsure' : 'value';
}

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
    const role = roleOf(name);
    if (role === 'value') {
      values.push([name, valueOf(text)]);
      continue;
    }
    if (role === 'unsure' || !/^\d+$/.test(text)) return null;
    if ((role === 'epoch' ? epoch : step) !== null) return null;
    if (role === 'epoch') epoch = Number(text);
    else step = Number(text);
  }
  if (values.length === 0) return null;
  return { values, params: [], step, epoch, epochTotal: null, progress: null, isBetweenBars: false };
}
