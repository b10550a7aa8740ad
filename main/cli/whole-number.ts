import { InvalidArgumentError } from 'commander';

/** Reads an option's whole number from 1 on. */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError('This is a whole number from 1 on.');
  return number;
}
