import { useState } from 'react';
import styles from './runs-table.module.css';

/** A text edited where it stands: Enter or leaving keeps it, Escape does not. */
export function InlineField({
  label,
  initial,
  placeholder,
  onKeep,
  onDone,
}: {
  label: string;
  initial: string;
  placeholder?: string;
  onKeep: (text: string) => void;
  onDone: () => void;
}) {
  const [text, setText] = useState(initial);
  const keep = () => {
    onDone();
    if (text !== initial) onKeep(text);
  };
  return (
    <input
      className={styles.field}
      aria-label={label}
      value={text}
      placeholder={placeholder}
      spellCheck={false}
      // Asked for with a key or a press: the person is about to write.
      // oxlint-disable-next-line jsx-a11y/no-autofocus
      autoFocus
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={keep}
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter') keep();
        if (event.key === 'Escape') onDone();
      }}
    />
  );
}
