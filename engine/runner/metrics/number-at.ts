const number = /[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|(?:nan|inf|infinity)(?![a-z]))/iy;
const wrapper = /(?:tensor|float|np\.float\d+|np\.int\d+)\(/y;

export interface NumberAt {
  readonly value: number;
  /** Index after the number and what belongs to it. */
  readonly end: number;
  readonly isPercent: boolean;
  readonly text: string;
}

/**
 * The number that stands at `start` by itself: no part of a version, time, path, fraction or thousands-grouped number, and
 * without a unit (`12.3s`, `1.2GB`); null otherwise. `nan` and `inf` count, `tensor(0.5, …)` counts as its number.
 */
export function numberAt(text: string, start: number): NumberAt | null {
  let from = start;
  if (text.charCodeAt(from) > 0x39) {
    wrapper.lastIndex = from;
    if (wrapper.test(text)) from = wrapper.lastIndex;
  }
  number.lastIndex = from;
  const found = number.exec(text)?.[0];
  if (found === undefined) return null;
  let end = from + found.length;
  const isPercent = text[end] === '%';
  if (isPercent) end++;
  if (!isBoundary(text, end)) return null;
  return { value: valueOf(found), end, isPercent, text: found };
}

function isBoundary(text: string, at: number): boolean {
  const next = text[at];
  if (next === undefined || next === ' ' || next === '\t') return true;
  if (next === ',') return !/^,\d{3}(?!\d)/.test(text.slice(at, at + 5));
  if (next === '.') return !/\d/.test(text[at + 1] ?? '');
  return ';)]}|\'"+('.includes(next);
}

export function valueOf(text: string): number {
  const last = text.charCodeAt(text.length - 1);
  if (last >= 0x2e && last <= 0x39) return Number(text);
  const lower = text.toLowerCase();
  if (lower.endsWith('nan')) return Number.NaN;
  if (lower.includes('inf')) return lower.startsWith('-') ? -Infinity : Infinity;
  return Number(text);
}
