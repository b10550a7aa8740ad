import type Database from 'better-sqlite3';
import { pythonJson } from '../python-json.ts';
import { loggedModelById, setLoggedModelPairs } from '../tracking/index.ts';

/** Notes on a logged model which registered versions it became, as MLflow does: a tag with a JSON list. */
export function noteVersion(
  db: Database.Database,
  modelId: string,
  { name, version }: { name: string; version: number },
): void {
  const tags = loggedModelById(db, modelId)?.tags;
  if (tags === undefined) return;
  const before = tags.find(([key]) => key === 'mlflow.modelVersions')?.[1];
  const known = before === undefined ? [] : (JSON.parse(before) as { name: string; version: number }[]);
  const entries = [...known, { name, version }];
  const texts = entries.map((entry) => pythonJson({ name: entry.name, version: entry.version }));
  // As Python writes it, since the text is what a client compares.
  setLoggedModelPairs(db, 'tag', modelId, [['mlflow.modelVersions', `[${[...new Set(texts)].join(', ')}]`]]);
}
