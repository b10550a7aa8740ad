import { Popover, TextInput } from '@mantine/core';
import { IconFilter, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import { errorShapeOf } from '../../contract/index.ts';
import styles from './filter-field.module.css';
import { UnderlinedPart } from './underlined-part.tsx';

/** Letters that follow each other faster are asked about together. */
const askEveryMs = 60;

/** A filter that can be written, and what it finds. */
export interface FilterExample {
  readonly text: string;
  readonly meaning: string;
}

interface FilterFieldProps {
  label: string;
  placeholder: string;
  /** What is asked now. */
  value: string;
  onChange: (text: string) => void;
  /** The grammar in a sentence or two; shown with the examples while the field has the focus and nothing is written. */
  grammar: ReactNode;
  examples: readonly FilterExample[];
  /** Why `value` could not be asked; the place it names is underlined. */
  error: unknown;
  ref?: RefObject<HTMLInputElement | null>;
}

/** A filter as text, asked as it is typed. */
export function FilterField(props: FilterFieldProps) {
  const { label, placeholder, value, onChange, grammar, examples, error, ref } = props;
  const [typed, setTyped] = useState(value);
  const [isOpen, setOpen] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const typedAt = useRef(Number.NEGATIVE_INFINITY);
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
    const now = performance.now();
    const isAlone = now - typedAt.current >= askEveryMs;
    typedAt.current = now;
    // Never at once: the letter is drawn before the page sets out to ask.
    timer.current = setTimeout(
      () => {
        setSent(text);
        onChange(text);
      },
      isAlone ? 0 : askEveryMs,
    );
  };
  // What was wrong with an earlier text says nothing of this one.
  const at = error === null || typed !== value ? undefined : errorShapeOf(error).at;
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
        <div className={styles.field}>
          <TextInput
            ref={ref}
            aria-label={label}
            error={at !== undefined}
            placeholder={placeholder}
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
          {at === undefined ? null : <UnderlinedPart text={typed} at={at} />}
        </div>
      </Popover.Target>
      <Popover.Dropdown className={styles.teach ?? ''} onMouseDown={(event) => event.preventDefault()}>
        <p className={styles.lead}>{grammar}</p>
        <ul className={styles.list}>
          {examples.map(({ text, meaning }) => (
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
