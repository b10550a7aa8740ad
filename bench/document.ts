import type { BenchRecord, Taken } from './records.ts';
import { settingLine } from './setting.ts';
import { tableOf } from './table.ts';

/**
 * docs/benchmarks.md: every measure as it was taken last, with the command that takes it again.
 *
 * @param names of all measures, in the page's order
 * @param records of this checkout, the newest first
 * @param page as it is: what was not taken in this checkout keeps the section that it has there, and one without any has none.
 */
export function documentOf(names: readonly string[], records: readonly BenchRecord[], page: string): string {
  const before = sectionsOf(page);
  const sections = names.flatMap((name) => {
    const record = records.find(({ measures }) => measures.some((taken) => taken.name === name));
    const taken = record?.measures.find((own) => own.name === name);
    const section = record === undefined || taken === undefined ? before.get(name) : sectionOf(record, taken);
    return section ?? [];
  });
  return [introduction, ...sections].join('\n\n') + '\n';
}

/** The sections of a page by the measures that they are of. */
const sectionsOf = (page: string): ReadonlyMap<string, string> =>
  new Map(
    page
      .split(/^(?=## )/m)
      .slice(1)
      .map((section) => [section.slice(3, section.indexOf('\n')), section.trimEnd()]),
  );

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
