import { BenchtopError, type RunOrder } from '../../../contract/index.ts';
import { fieldWords, namedField } from './named-field.ts';
import type { RunOrderKey } from './run-condition.ts';

/**
 * What the window and the command line order by: `params.NAME`, with whatever stands after the first dot as the name, or
 * the word of an attribute.
 * @throws {BenchtopError} `invalid-input`.
 */
export function orderKeys(order: readonly RunOrder[]): RunOrderKey[] {
  return order.map(({ by, descending }) => {
    const dot = by.indexOf('.');
    const field = namedField(dot < 0 ? null : by.slice(0, dot), bareName(by.slice(dot + 1)));
    if (field === null || field.kind === 'dataset')
      throw new BenchtopError({
        code: 'invalid-input',
        what: `Runs cannot be ordered by "${by}".`,
        next: `Use ${fieldWords.replace(/, dataset.*/, '')}.`,
      });
    return { field, isDescending: descending, byNumber: true };
  });
}

const bareName = (name: string) => /^(["'`])(.+)\1$/s.exec(name)?.[2] ?? name;
