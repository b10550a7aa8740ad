/** JSON for people and programs. It has no NaN and no infinities; a word says more than null. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, replaceNonFinite, 2);
}

function replaceNonFinite(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
