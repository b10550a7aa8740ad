import type Database from 'better-sqlite3';
import { cardAnswers, cardQuestions, type CardAnswers, type ModelCard } from '../../../contract/index.ts';
import { prepared } from '../../store/index.ts';
import { appendHistory, type Cause } from '../history.ts';
import type { ModelVersion } from '../model-versions.ts';

type VersionKey = Pick<ModelVersion, 'model' | 'version'>;

/** What was said of a version, or else of the newest version before it of which something was. */
export function answersFor(
  db: Database.Database,
  { model, version }: VersionKey,
): { answers: CardAnswers; answersOf: number | null } {
  const row = prepared(
    db,
    'SELECT version, answers FROM model_card WHERE model = ? AND version <= ? ORDER BY version DESC LIMIT 1',
  ).get(model, version) as { version: number; answers: string } | undefined;
  return {
    answers: cardAnswers.parse(row === undefined ? {} : JSON.parse(row.answers)),
    answersOf: row === undefined || row.version === version ? null : row.version,
  };
}

export function answerCard(
  db: Database.Database,
  version: VersionKey,
  answers: CardAnswers,
  cause: Cause,
): void {
  const before = answersFor(db, version);
  const text = JSON.stringify(answers);
  appendHistory(db, version.model, cause, {
    kind: 'card-answered',
    version: version.version,
    before: JSON.stringify(before.answers),
    after: text,
  });
  prepared(
    db,
    `INSERT INTO model_card VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET answers = excluded.answers, updated_at = excluded.updated_at`,
  ).run(version.model, version.version, text, cause.at);
}

/** The questions of which something is still open; with the licence also that of the base model, where nobody tells it. */
export const missingAnswers = (
  answers: CardAnswers,
  baseModel: ModelCard['baseModel'],
): ModelCard['missing'] =>
  cardQuestions
    .filter(
      ({ id, fields }) =>
        fields.some((field) => answers[field].trim() === '') ||
        (id === 'licence' && baseModel !== null && baseModel.license === null),
    )
    .map(({ id }) => id);
