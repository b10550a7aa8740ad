import { InvalidArgumentError } from 'commander';
import { BenchtopError, probabilityColumns } from '../../../contract/index.ts';

/** `score`, or `cat=p_cat,dog=p_dog`, as an option of the command line. */
export function probabilityOption(text: string): string | Record<string, string> {
  try {
    return probabilityColumns(text);
  } catch (error) {
    throw error instanceof BenchtopError ? new InvalidArgumentError(error.message) : error;
  }
}
