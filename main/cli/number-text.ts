/** A value for reading: six digits, and whole numbers whole. */
export const numberText = (value: number) =>
  String(Number.isInteger(value) ? value : Number(value.toPrecision(6)));
