/** Four significant digits. */
export const digits = (value: number): string => String(Number(value.toPrecision(4)));

export const signed = (value: number): string => `${value > 0 ? '+' : ''}${digits(value)}`;
