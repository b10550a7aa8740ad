import type { BenchRecord, Taken } from './records.ts';
import { settingLine } from './setting.ts';
import { tableOf } from './table.ts';

/**
 * docs/benchmarks.md: every measure as it was taken last, with the command that takes it again.
 * Null while a measure was never taken in this checkout: a page with holes is not written over a whole one.
 *
 * @param records the newest first
 */
export function documentOf(names: readonly string[], records: readonly BenchRecord[]): string | null {
  const sections = names.map((name) => {
    const record = records.find(({ measures }) => measures.some((taken) => taken.name === name));
    const taken = record?.measures.find((own) => own.name === name);
    return record === undefined || taken === undefined ? null : sectionOf(record, taken);
  });
  return sections.includes(null) ? null : [introduction, ...sections].join('\n\n') + '\n';
}

function sectionOf({ startedAt, setting }: BenchRecord, taken: Taken): string {
  return [
    `## ${taken.name}`,
    `${taken.question} Goal: ${taken.goal}.`,
    tableOf(taken),
    `\`npm run bench -- ${taken.name}\` at ${startedAt.slice(0, 16).replace('T', ' ')} UTC on: ${settingLine(setting)}.`,
  ].join('\n\n');
}

const introduction = `# Benchmarks

Written by \`npm run bench\`; do not edit. Each figure is the median of several rounds with the least and the greatest in
parentheses. Ours and the floor take turns within one run, and the ratio is taken round by round: believe it more than
the times, which depend on the machine and on what else it did. The floor is the least that any program would need for
the same work. Goals come from the project's design; a missed one is marked, and fails nothing. A peer is measured with
the part of Benchtop that takes its place; where there is none yet, the column holds a dash.`;
