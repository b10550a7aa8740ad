import { InvalidArgumentError } from 'commander';
import { driftTest, type DriftTest } from '../../../contract/index.ts';

/** Reads `delay=cramer-von-mises,origin=chi-square`: by column the test to take. */
export function columnTests(text: string): Record<string, DriftTest> {
  return Object.fromEntries(
    text.split(',').map((part) => {
      const at = part.lastIndexOf('=');
      const test = driftTest.safeParse(part.slice(at + 1).trim());
      if (at <= 0 || !test.success)
        throw new InvalidArgumentError(
          `"${part}" is no COLUMN=TEST with one of the tests ${driftTest.options.join(', ')}.`,
        );
      return [part.slice(0, at), test.data];
    }),
  );
}
