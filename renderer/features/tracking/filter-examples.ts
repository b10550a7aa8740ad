import type { Run } from '../../../contract/index.ts';
import type { FilterExample } from '../../ui/filter-field.tsx';
import { differingKeys } from './differing-keys.ts';

/** The filter's grammar by example, with names and values of the runs at hand so that every example finds something. */
export function filterExamples(runs: readonly Run[]): FilterExample[] {
  const word = runs[0]?.name.split(/[\s_-]/)[0];
  const examples: FilterExample[] = [
    {
      text: word === undefined || word === '' ? 'baseline' : word,
      meaning: 'a word that begins so in name, note, command, params or tags',
    },
  ];
  const metric = differingKeys(runs, 'metrics').find(isOneWord);
  const values = runs
    .map((run) => (metric === undefined ? undefined : run.metrics[metric]?.last))
    .filter((value) => value !== undefined && Number.isFinite(value))
    .toSorted((one, other) => Number(one) - Number(other));
  const middle = values[Math.floor(values.length / 2)];
  examples.push({
    text:
      metric === undefined || middle === undefined
        ? 'metrics.loss < 0.5'
        : `metrics.${metric} < ${Number(middle.toPrecision(3))}`,
    meaning: 'last value of a metric',
  });
  const param = differingKeys(runs, 'params').find(isOneWord);
  const value =
    param === undefined ? undefined : runs.find((run) => run.params[param] !== undefined)?.params[param];
  examples.push({
    text:
      param === undefined || value === undefined ? 'params.lr = 0.1' : `params.${param} = ${quoted(value)}`,
    meaning: 'value of a param',
  });
  examples.push({ text: 'duration > 60', meaning: 'seconds from start to end' });
  examples.push({ text: 'status = failed', meaning: 'queued, running, finished, failed, killed or lost' });
  examples.push({ text: 'started > -7d', meaning: 'of the last seven days' });
  examples.push({ text: 'starred', meaning: 'runs with a star' });
  return examples;
}

/** A name with a blank in it cannot be written in a term. */
const isOneWord = (name: string) => /^[^\s=<>!~"]+$/.test(name);
const quoted = (text: string) => (/^[\w./-]+$/.test(text) ? text : `"${text}"`);
