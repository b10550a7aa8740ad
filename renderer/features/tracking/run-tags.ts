import type { Run } from '../../../contract/index.ts';

/** Tags a person set; those that a client sets for itself (`mlflow.…`) are for the run's page. */
export function shownTags(run: Pick<Run, 'tags'>): [key: string, value: string][] {
  return Object.entries(run.tags).filter(
    ([key]) => !key.startsWith('mlflow.') && !key.startsWith('benchtop.'),
  );
}

/** A run's own tags as one line to edit: `final, team=vision`. A tag without a value, or with "true", is its name alone. */
export function tagLine(run: Pick<Run, 'tags'>): string {
  return shownTags(run)
    .map(([key, value]) => (value === '' || value === 'true' ? key : `${key}=${value}`))
    .join(', ');
}

/** What has to change so that the run has the tags of the line; the clients' own tags are left alone. */
export function tagChange(
  run: Pick<Run, 'tags'>,
  line: string,
): { setTags: Record<string, string>; removeTags: string[] } {
  const wanted = new Map<string, string>();
  for (const part of line.split(',')) {
    const at = part.indexOf('=');
    const key = (at < 0 ? part : part.slice(0, at)).trim();
    if (key !== '') wanted.set(key, at < 0 ? 'true' : part.slice(at + 1).trim());
  }
  const own = new Map(shownTags(run));
  const isSame = (key: string, value: string) =>
    own.get(key) === value || (value === 'true' && own.get(key) === '');
  return {
    setTags: Object.fromEntries([...wanted].filter(([key, value]) => !isSame(key, value))),
    removeTags: [...own.keys()].filter((key) => !wanted.has(key)),
  };
}
