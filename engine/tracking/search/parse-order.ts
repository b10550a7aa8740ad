import { BenchtopError, type RunOrder } from '../../../contract/index.ts';
import { fieldWords, namedField } from './named-field.ts';
import type { RunOrderKey } from './run-condition.ts';

/**
 * What the window and the command line order by: `params.NAME`, with whatever stands after the first dot as the name, the
 * word of an attribute, or of a metric `min.NAME` and `max.NAME`.
 * @throws {BenchtopError} `invalid-input`.
 */
export function orderKeys(order: readonly RunOrder[]): RunOrderKey[] {
  return order.map(({ by, descending }) => {
    const dot = by.indexOf('.');
    const [kind, name] = [dot < 0 ? null : by.slice(0, dot), bareName(by.slice(dot + 1))];
    if (kind === 'min' || kind === 'max')
      return { field: { kind: 'metric', key: name }, of: kind, isDescending: descending };
    const field = namedField(kind, name);
    if (field === null || field.kind === 'dataset')
      throw new BenchtopError({
        code: 'invalid-input',
        what: `Runs cannot be ordered by "${by}".`,
        next: `Use ${fieldWords.replace(/, dataset.*/, '')}, or min.NAME and max.NAME of a metric.`,
      });
    return { field, isDescending: descending, byNumber: true };
  });
}

const bareName = (name: string) => /^(["'`])(.+)\1$/s.exec(name)?.[2] ?? name;
