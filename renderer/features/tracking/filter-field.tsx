import { Popover, TextInput } from '@mantine/core';
import { IconFilter, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState, type RefObject } from 'react';
import type { Run } from '../../../contract/index.ts';
import styles from './filter-field.module.css';
import { filterExamples } from './filter-examples.ts';

const askAfterMs = 60;

/** The filter as text, asked as it is typed; while it has the focus it teaches its grammar with this project's own names. */
export function FilterField({
  value,
  onChange,
  runs,
  ref,
}: {
  value: string;
  onChange: (text: string) => void;
  runs: readonly Run[];
  ref: RefObject<HTMLInputElement | null>;
}) {
  const [typed, setTyped] = useState(value);
  const [isOpen, setOpen] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [asked, setAsked] = useState(value);
  const [sent, setSent] = useState(value);
  if (asked !== value) {
    setAsked(value);
    // An answer to an earlier letter must not take back a later one.
    if (value !== sent) setTyped(value);
  }
  useEffect(() => () => clearTimeout(timer.current), []);
  const ask = (text: string) => {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      setSent(text);
      onChange(text);
    }, askAfterMs);
  };
  return (
    <Popover
      opened={isOpen && typed === ''}
      position="bottom-start"
      width={420}
      offset={4}
      withRoles={false}
      trapFocus={false}
    >
      <Popover.Target>
        <TextInput
          ref={ref}
          className={styles.field ?? ''}
          aria-label="Filter runs"
          placeholder="Filter: words, params.lr = 0.1, metrics.loss < 0.5 …   ( / )"
          leftSection={<IconFilter size={14} stroke={1.5} />}
          rightSection={
            typed === '' ? null : (
              <button
                type="button"
                className={styles.clear}
                aria-label="Clear the filter"
                onClick={() => ask('')}
              >
                <IconX size={14} stroke={1.5} />
              </button>
            )
          }
          value={typed}
          spellCheck={false}
          onChange={(event) => ask(event.currentTarget.value)}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            if (typed !== '') ask('');
            event.currentTarget.blur();
            event.preventDefault();
          }}
        />
      </Popover.Target>
      <Popover.Dropdown className={styles.teach ?? ''} onMouseDown={(event) => event.preventDefault()}>
        <p className={styles.lead}>
          Join with AND (or nothing), OR, NOT and brackets. Compare with = != &lt; &lt;= &gt; &gt;= LIKE, or ~
          for “contains”; quote what has blanks.
        </p>
        <ul className={styles.list}>
          {filterExamples(runs).map(({ text, meaning }) => (
            <li key={text}>
              <button type="button" tabIndex={-1} className={styles.example} onClick={() => ask(text)}>
                <code>{text}</code>
                <span>{meaning}</span>
              </button>
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
