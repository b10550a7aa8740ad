import { BenchtopError } from '../../contract/index.ts';
import type { TraceComparison } from '../traces/index.ts';
import { clausesOf, type Place, type RawComparison } from './filter.ts';
import { MlflowError } from './mlflow-error.ts';
import { traceComparison } from './trace-filter.ts';

/** The words that join conditions in other grammars; here only AND does. */
const joining = ['OR', 'NOT'];

const example = "Write a word, or a condition such as status = 'ERROR' or tags.team = 'x', joined by AND.";

/**
 * The filter of the window over traces: MLflow's conditions, and bare words, which a trace holds somewhere. A value of one word
 * needs no quotes.
 * @throws {BenchtopError} `invalid-input`, with the place in the text.
 */
export function readTraceFilter(filter: string): TraceComparison[] {
  const { comparisons, others } = clausesOf(filter);
  const read = comparisons.map((raw): [Place, TraceComparison] => [raw.place, readComparison(raw)]);
  const words = others.map(({ text, place, isWord }): [Place, TraceComparison] => {
    if (!isWord) throw problem(`"${text}" is not part of a condition.`, place);
    if (joining.includes(text.toUpperCase()))
      throw problem(`Conditions on traces are joined by AND only, not by ${text}.`, place);
    return [place, { field: { kind: 'word' }, comparator: '~', value: unquoted(text) }];
  });
  return [...read, ...words]
    .toSorted(([one], [other]) => one.offset - other.offset)
    .map(([, comparison]) => comparison);
}

function readComparison(raw: RawComparison): TraceComparison {
  const { value } = raw;
  try {
    return traceComparison(
      value.kind === 'identifier' && !/^["`]/.test(value.text)
        ? { ...raw, value: { kind: 'text', text: `'${value.text}'` } }
        : raw,
    );
  } catch (error) {
    if (!(error instanceof MlflowError)) throw error;
    throw problem(plainWords(error.message), raw.place, error);
  }
}

const problem = (what: string, at: Place, cause?: unknown) =>
  new BenchtopError({ code: 'invalid-input', what, at, next: example }, { cause });

/** MLflow shows sets as Python writes them: `'{'a', 'b'}'`. */
const plainWords = (message: string): string =>
  message.replaceAll(/'?\{([^}]*)\}'?/g, (_, items: string) => items.replaceAll("'", ''));

const unquoted = (text: string): string => (/^(['"`]).*\1$/s.test(text) ? text.slice(1, -1) : text);
