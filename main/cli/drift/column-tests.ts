import { InvalidArgumentError } from 'commander';
import { driftTests, type DriftTest } from '../../../contract/index.ts';

/** Reads `delay=cramer-von-mises,origin=chi-square`: by column the test to take. */
export function columnTests(text: string): Record<string, DriftTest> {
  return Object.fromEntries(
    text.split(',').map((part) => {
      const at = part.lastIndexOf('=');
      const word = part.slice(at + 1).trim();
      const test = driftTests.find((each) => each === word);
      if (at <= 0 || test === undefined)
        throw new InvalidArgumentError(
          `"${part}" is no COLUMN=TEST with one of the tests ${driftTests.join(', ')}.`,
        );
      return [part.slice(0, at), test];
    }),
  );
}
