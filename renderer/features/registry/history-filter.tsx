import { NativeSelect, TextInput } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { useRef } from 'react';
import { historyKindsOf, type HistoryKind } from '../../../contract/index.ts';
import { usePageActions } from '../../app/use-page-actions.ts';

/** What of a history is asked for. */
export interface HistoryChoice {
  readonly kinds: KindGroup;
  readonly text: string;
}

type KindGroup = 'everything' | keyof typeof historyKindsOf;

/** The kinds that answer one question; null for all. */
export const kindsIn = (group: KindGroup): HistoryKind[] | null =>
  group === 'everything' ? null : [...historyKindsOf[group]];

const groupNames: Readonly<Record<KindGroup, string>> = {
  everything: 'Everything',
  aliases: 'Aliases',
  stages: 'Stages',
  approvals: 'Approvals',
  versions: 'Versions',
  cards: 'Cards',
  tags: 'Tags',
  model: 'The model',
};

export function HistoryFilter({
  choice,
  onChoose,
}: {
  choice: HistoryChoice;
  onChoose: (choice: HistoryChoice) => void;
}) {
  const field = useRef<HTMLInputElement>(null);
  usePageActions({ 'page.filter': () => field.current?.focus() });
  return (
    <>
      <NativeSelect
        size="xs"
        aria-label="About"
        data={Object.entries(groupNames).map(([value, label]) => ({ value, label }))}
        value={choice.kinds}
        onChange={(event) => onChoose({ ...choice, kinds: event.currentTarget.value as KindGroup })}
      />
      <TextInput
        ref={field}
        size="xs"
        aria-label="Find in the history"
        placeholder="A name, a reason, a value"
        leftSection={<IconFilter size={14} stroke={1.5} />}
        value={choice.text}
        spellCheck={false}
        onChange={(event) => onChoose({ ...choice, text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          onChoose({ ...choice, text: '' });
          event.currentTarget.blur();
          event.preventDefault();
        }}
      />
    </>
  );
}
