import type { BaseModel } from '../../../contract/index.ts';
import type { PackageLicence } from '../../environments/index.ts';
import type { Checks } from '../definition/read-checks.ts';
import { evidence, withoutRun, type JudgedVersion, type Judgement } from '../judged-version.ts';

/** Is the licence of the base model and of every package known, and none of them among those that are refused? */
export function judgeLicences(
  { run, environment }: Pick<JudgedVersion, 'run' | 'environment'>,
  licences: readonly PackageLicence[],
  base: BaseModel | null,
  { refuse, ignore }: Checks['licences'],
): Judgement {
  if (run === null) return withoutRun;
  const isRefused = (licence: string | null) =>
    refuse.some((word) => licence?.toLowerCase().includes(word.toLowerCase()) === true);
  if (base !== null && isRefused(base.license))
    return {
      state: 'failed',
      what: `The base model ${base.name} has a licence that checks.yaml refuses: ${base.license ?? ''}.`,
      evidence: [evidence(`told by ${base.licensedBy ?? ''}`)],
      next: 'Begin with another model, or take the licence off `refuse`.',
    };
  if (base !== null && base.license === null)
    return {
      state: 'failed',
      what: `Nothing here tells the licence of the base model ${base.name}.`,
      next: 'Keep its model card (README.md with `license`) beside its files, or register it and answer its card, or say it on this card.',
    };
  const shown =
    base === null
      ? []
      : [evidence(`base model ${base.name}: ${base.license ?? ''}, told by ${base.licensedBy ?? ''}`)];
  if (environment === null || environment.packages === null)
    return {
      state: 'could not judge',
      what: 'Which packages its run had is not recorded.',
      evidence: shown,
    };
  const ignored = new Set(ignore.map((name) => name.toLowerCase().replaceAll(/[-_.]+/g, '-')));
  const looked = licences.filter(({ name }) => !ignored.has(name));
  const wordOf = ({ name, version, licence }: PackageLicence) =>
    `${name} ${version}: ${licence ?? 'not told'}`;
  const refused = looked.filter(({ licence }) => isRefused(licence));
  if (refused.length > 0)
    return {
      state: 'failed',
      what: `${refused.length} packages have a licence that checks.yaml refuses: ${refused
        .map(({ name }) => name)
        .slice(0, 5)
        .join(', ')}.`,
      evidence: refused.map((each) => evidence(wordOf(each))),
      next: 'Use another package, or take the licence off `refuse`.',
    };
  const unknown = looked.filter(({ licence }) => licence === null);
  if (unknown.length > 0)
    return {
      state: 'failed',
      what: `${unknown.length} of ${looked.length} packages tell no licence: ${unknown
        .map(({ name }) => name)
        .slice(0, 5)
        .join(', ')}.`,
      evidence: unknown.slice(0, 50).map((each) => evidence(wordOf(each))),
      next: 'Look at their sources, and name those that are fine under `ignore`.',
    };
  const kinds = Map.groupBy(looked, ({ licence }) => licence ?? '');
  return {
    state: 'passed',
    what: `All ${looked.length} packages${base === null ? '' : ', and the base model,'} tell their licence.`,
    evidence: [
      ...shown,
      ...[...kinds]
        .toSorted(([, a], [, b]) => b.length - a.length)
        .slice(0, 20)
        .map(([licence, packages]) => evidence(`${licence}: ${packages.length}`)),
    ],
  };
}
