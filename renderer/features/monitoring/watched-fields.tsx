import { NumberInput, TextInput } from '@mantine/core';
import { probabilityColumns, type WatchedPerformance } from '../../../contract/index.ts';
import styles from './monitoring.module.css';

const dayMs = 86_400_000;

/** What a person says of how well a model answers. */
export interface WatchedFields {
  readonly probability: string;
  readonly label: string;
  readonly positive: string;
  readonly labels: string;
  readonly labelId: string;
  readonly labelTime: string;
  readonly maturityDays: number | null;
  readonly predictedAt: string;
}

export const nothingWatched: WatchedFields = {
  probability: '',
  label: '',
  positive: '',
  labels: '',
  labelId: '',
  labelTime: '',
  maturityDays: null,
  predictedAt: '',
};

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
const areTogether = (a: string, b: string): boolean => (a.trim() === '') === (b.trim() === '');

/** Whether what belongs together is there. */
export const isWatchedWhole = ({ probability, label, labels, labelId }: WatchedFields): boolean =>
  areTogether(probability, label) && areTogether(labels, labelId);

/** Null where nothing is watched. @throws {BenchtopError} `invalid-input` for columns of several classes that cannot be read. */
export function watchedOf(fields: WatchedFields): WatchedPerformance | null {
  if (fields.probability.trim() === '') return null;
  const { labels, labelId, labelTime, maturityDays } = fields;
  return {
    probabilities: probabilityColumns(fields.probability),
    label: fields.label.trim(),
    positive: orNull(fields.positive),
    predictedAt: orNull(fields.predictedAt),
    labels:
      labels.trim() === ''
        ? null
        : {
            path: labels.trim(),
            id: labelId.trim(),
            labelledAt: orNull(labelTime),
            maturityMs: maturityDays === null ? null : maturityDays * dayMs,
          },
  };
}

/** Asks for the columns that tell how well a model answers, and for labels that come later. @param isCutByTime answers then have their times already */
export function WatchedFieldset({
  fields,
  isCutByTime,
  onChange,
}: {
  fields: WatchedFields;
  isCutByTime: boolean;
  onChange: (change: Partial<WatchedFields>) => void;
}) {
  const text = (name: Exclude<keyof WatchedFields, 'maturityDays'>, label: string, description?: string) => (
    <TextInput
      label={label}
      description={description}
      value={fields[name]}
      spellCheck={false}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
    />
  );
  const isOfSeveral = fields.probability.includes('=');
  return (
    <>
      <div className={styles.pair}>
        {text('probability', 'Column of probabilities', 'Of several classes: cat=p_cat, dog=p_dog')}
        {text('label', 'Column of labels', 'What was true; the reference must have it')}
      </div>
      {fields.probability.trim() === '' ? null : (
        <>
          <div className={styles.pair}>
            {isOfSeveral ? null : text('positive', 'Class of the probability', '1 or true when left empty')}
            {text('labels', 'Labels that come later', 'A table or a folder of tables; else empty')}
          </div>
          {fields.labels.trim() === '' ? null : (
            <>
              <div className={styles.pair}>
                {text('labelId', 'Column of ids', 'What joins answers and labels')}
                {text('labelTime', 'Column of label times', 'When a label came; may be empty')}
              </div>
              <div className={styles.pair}>
                <NumberInput
                  size="xs"
                  label="Days that labels take"
                  description="Then they decide; when empty, once all are there"
                  min={0.01}
                  value={fields.maturityDays ?? ''}
                  onChange={(value) => onChange({ maturityDays: value === '' ? null : Number(value) })}
                />
                {isCutByTime
                  ? null
                  : text('predictedAt', 'Column of answer times', 'When an answer was given')}
              </div>
            </>
          )}
        </>
      )}
    </>
  );
}
