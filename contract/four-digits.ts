/** A number within a sentence: four significant digits at most, and a true minus sign, as the window has it everywhere. */
export const fourDigits = (value: number): string =>
  String(Number(value.toPrecision(4))).replaceAll('-', '−');
