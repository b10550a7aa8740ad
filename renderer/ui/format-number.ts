/**
 * A metric's value for reading: four significant digits, integers whole, a true minus sign. NaN and the infinities are
 * said as they are. The whole value belongs into the title and onto the clipboard (`String(value)`).
 */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (value === 0) return '0';
  const text =
    size >= 1e7 || size < 1e-4
      ? exponential(value)
      : Number.isInteger(value) || size >= 1000
        ? String(Number(value.toPrecision(Math.max(4, Math.ceil(Math.log10(size + 1))))))
        : fixed(value, size);
  return text.replaceAll('-', '−');
}

/** Four significant digits without losing trailing zeros, so that a column of them lines up. */
function fixed(value: number, size: number): string {
  const digitsBefore = Math.floor(Math.log10(size)) + 1;
  return value.toFixed(Math.max(0, 4 - digitsBefore));
}

function exponential(value: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(3).split('e');
  return `${String(Number(mantissa))}e${exponent.replace('+', '')}`;
}

/** "1,234": counts in sentences. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}
