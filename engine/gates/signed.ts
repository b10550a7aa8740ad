import { fourDigits } from '../../contract/index.ts';

/** A difference within a sentence, with its sign. */
export const signed = (value: number): string => `${value > 0 ? '+' : ''}${fourDigits(value)}`;
