const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** Sizes in decimal units, three significant digits: 999 B, 1.5 MB, 200 MB. */
export function formatBytes(sizeBytes: number): string {
  let value = sizeBytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const text = unit === 0 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
  return `${text} ${units[unit] ?? 'B'}`;
}
