import { ActionIcon, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconLetterCase, IconRegex, IconSearch } from '@tabler/icons-react';
import { formatCount } from '../format-number.ts';
import type { LogSearch } from './log-search.ts';
import styles from './log-view.module.css';

/** The field of the search through a whole log, with what was found and the way from find to find. */
export function LogSearchField({
  search,
  place,
  onStep,
}: {
  search: LogSearch;
  /** Which find is looked at, from 0; null before the first. */
  place: number | null;
  onStep: (direction: 1 | -1) => void;
}) {
  const { query, setQuery, count, searchedShare, problem } = search;
  return (
    <>
      <TextInput
        aria-label="Search in the log"
        placeholder="Search in the log"
        leftSection={<IconSearch size={14} stroke={1.5} />}
        value={query.text}
        error={problem !== null}
        onChange={(event) => setQuery({ ...query, text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1);
          if (event.key === 'Escape') setQuery({ ...query, text: '' });
        }}
        className={styles.search ?? ''}
      />
      <ActionIcon
        aria-label="Match case"
        title="Match case"
        aria-pressed={query.isCaseSensitive}
        className={styles.toggle ?? ''}
        onClick={() => setQuery({ ...query, isCaseSensitive: !query.isCaseSensitive })}
      >
        <IconLetterCase size={16} stroke={1.5} />
      </ActionIcon>
      <ActionIcon
        aria-label="Regular expression"
        title="Regular expression"
        aria-pressed={query.isRegex}
        className={styles.toggle ?? ''}
        onClick={() => setQuery({ ...query, isRegex: !query.isRegex })}
      >
        <IconRegex size={16} stroke={1.5} />
      </ActionIcon>
      {searchedShare === null ? null : (
        <>
          <ActionIcon
            aria-label="Previous find"
            title="Previous find (Shift+Enter)"
            disabled={count === 0}
            onClick={() => onStep(-1)}
          >
            <IconArrowUp size={16} stroke={1.5} />
          </ActionIcon>
          <ActionIcon
            aria-label="Next find"
            title="Next find (Enter)"
            disabled={count === 0}
            onClick={() => onStep(1)}
          >
            <IconArrowDown size={16} stroke={1.5} />
          </ActionIcon>
          <span className={styles.quiet} role="status" title={problem ?? undefined}>
            {problem ?? foundText(count, place, searchedShare)}
          </span>
        </>
      )}
    </>
  );
}

function foundText(count: number, place: number | null, searchedShare: number): string {
  if (searchedShare < 1) return `${linesText(count)} so far, ${Math.floor(searchedShare * 100)} % searched`;
  if (count === 0) return 'Not in this log';
  return place === null ? linesText(count) : `${formatCount(place + 1)} of ${linesText(count)}`;
}

const linesText = (count: number) => `${formatCount(count)} ${count === 1 ? 'line' : 'lines'}`;
