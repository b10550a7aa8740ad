import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { cardQuestions, type ModelCard } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { useAddressWords } from '../../app/use-address-words.ts';
import bars from '../../ui/bar.module.css';
import choices from '../../ui/choice-buttons.module.css';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Pending } from '../../ui/pending.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { DiffView } from '../source/index.ts';
import { MarkdownView } from '../tracking/index.ts';
import { CardAnswersDialog } from './card-answers-dialog.tsx';
import styles from './models.module.css';
import { useChosenVersion } from './use-chosen-version.ts';
import { modelsKey, type ReadVersions } from './use-models.ts';
import { useSaveCard } from './use-save-card.tsx';
import { VersionSelect } from './version-pair-bar.tsx';

const looks = [
  { id: 'text', name: 'Card' },
  { id: 'metadata', name: 'Metadata' },
  { id: 'difference', name: 'Difference' },
] as const;

function useCard(name: string, version: number | undefined) {
  return useQuery({
    queryKey: [...modelsKey, 'card', name, version],
    queryFn: () => engine.registry.card({ name, version: version ?? 1 }),
    enabled: version !== undefined,
  });
}

/** The card of a version, of the champion at first: to read, to answer, to hold against another one, to keep. */
export function ModelCardView({
  versions,
  champion,
  name,
  projectId,
}: {
  versions: ReadVersions;
  champion: number | null;
  name: string;
  projectId: string;
}) {
  const [words, setWord] = useAddressWords();
  const { known } = versions;
  const [chosen, choose] = useChosenVersion(known, champion);
  const from = Number(words.get('from') ?? 0);
  const other =
    known.find(({ version }) => version === from) ??
    known.find(({ version }) => version < (chosen?.version ?? 0)) ??
    chosen;
  const look = looks.find(({ id }) => id === words.get('show'))?.id ?? 'text';
  const card = useCard(name, chosen?.version);
  const against = useCard(name, look === 'difference' ? other?.version : undefined);
  const [isAnswering, setAnswering] = useState(false);
  // The project of its run, or else the one that it is looked at from.
  const save = useSaveCard(
    { name, version: chosen?.version ?? 1 },
    (chosen?.runId ?? null) === null ? projectId : null,
  );
  if (chosen === undefined) return <EmptyState title="Every version of it was deleted" />;
  const { data } = card;
  return (
    <>
      <div className={bars.bar}>
        <VersionSelect label="Card of" versions={versions} chosen={chosen} onChoose={choose} />
        <span className={choices.choice} role="group" aria-label="Look">
          {looks.map(({ id, name: title }) => (
            <button key={id} type="button" aria-pressed={look === id} onClick={() => setWord('show', id)}>
              {title}
            </button>
          ))}
        </span>
        {look === 'difference' ? (
          <VersionSelect
            label="From"
            versions={versions}
            chosen={other}
            onChoose={(version) => setWord('from', String(version))}
          />
        ) : null}
        <span className={styles.leads} />
        {data?.missing.length === 0 ? <Button onClick={() => setAnswering(true)}>Answer…</Button> : null}
        {save.button}
        <Button disabled={data === undefined} onClick={() => data !== undefined && exportCard(data)}>
          Export
        </Button>
      </div>
      {save.outcome}
      {data === undefined ? (
        card.error === null ? (
          <Pending what="the card" />
        ) : (
          <ErrorNotice error={card.error} onRetry={() => void card.refetch()} />
        )
      ) : (
        <>
          <OpenQuestions card={data} onAnswer={() => setAnswering(true)} />
          {look === 'metadata' ? (
            <ScrollRegion label="Metadata">
              <pre>{partsOf(data).metadata}</pre>
            </ScrollRegion>
          ) : look === 'text' ? (
            <MarkdownView text={partsOf(data).text} />
          ) : other === chosen || other === undefined ? (
            <EmptyState title="There is no other version to hold it against" />
          ) : against.data === undefined ? (
            against.error === null ? (
              <Pending what="the other card" />
            ) : (
              <ErrorNotice error={against.error} onRetry={() => void against.refetch()} />
            )
          ) : (
            <DiffView path={`model-cards/${name}.md`} before={against.data.markdown} after={data.markdown} />
          )}
        </>
      )}
      {isAnswering && data !== undefined ? (
        <CardAnswersDialog card={data} onClose={() => setAnswering(false)} />
      ) : null}
    </>
  );
}

/** What nobody has said yet, and whose answers these are. */
function OpenQuestions({
  card: { missing, answersOf },
  onAnswer,
}: {
  card: ModelCard;
  onAnswer: () => void;
}) {
  const open = cardQuestions.filter(({ id }) => missing.includes(id));
  if (open.length === 0 && answersOf === null) return null;
  return (
    <div className={bars.bar} role="status">
      <span className={styles.leads}>
        {open.length === 0
          ? `What it is for, its limits and its licence were said of version ${answersOf}, and hold until something else is said.`
          : `Nobody has said yet: ${open.map(({ question }) => question).join(' ')}`}
      </span>
      {open.length === 0 ? null : (
        <Button variant="filled" onClick={onAnswer}>
          Answer {open.length === 1 ? 'it' : `the ${open.length}`}…
        </Button>
      )}
    </div>
  );
}

function partsOf({ markdown }: ModelCard): { metadata: string; text: string } {
  const [, metadata = '', text = markdown] = /^---\n(.*?)\n---\n(.*)$/s.exec(markdown) ?? [];
  return { metadata, text };
}

function exportCard({ name, version, markdown }: ModelCard): void {
  saveFile(new Blob([markdown], { type: 'text/markdown' }), `${name} ${version} card.md`);
}
