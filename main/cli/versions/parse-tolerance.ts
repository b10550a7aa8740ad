import type { ToleranceSettings } from '../../../contract/index.ts';

/**
 * Settings with one more tolerance: `1e-4` for all numbers, of their size; `loss=0.01` for one metric, in its own unit;
 * `auc=1%` for one metric, of its size; `spread:5` for what five repeats with other seeds differ by. Null for anything else.
 */
export function withTolerance(before: ToleranceSettings, text: string): ToleranceSettings | null {
  const repeats = Number(/^spread:(\d{1,2})$/.exec(text)?.[1]);
  if (repeats >= 1 && repeats <= 20) return { ...before, spread: repeats };
  const [, name, number, percent] = /^(?:(.+)=)?([\d.]+(?:e[-+]?\d+)?)(%?)$/i.exec(text) ?? [];
  const value = Number(number) / (percent === '%' ? 100 : 1);
  if (number === undefined || !Number.isFinite(value)) return null;
  if (name === undefined) return { ...before, all: { ...before.all, relative: value } };
  const own = percent === '%' ? { absolute: 0, relative: value } : { absolute: value, relative: 0 };
  return { ...before, metrics: { ...before.metrics, [name]: own } };
}
