import { Textarea } from '@mantine/core';
import { useState } from 'react';

/** A text that is kept when the field is left; Escape leaves it as it was. */
export function KeptField({
  label,
  initial,
  placeholder,
  onKeep,
}: {
  label: string;
  initial: string;
  placeholder?: string;
  onKeep: (text: string) => void;
}) {
  const [text, setText] = useState(initial);
  return (
    <Textarea
      size="xs"
      label={label}
      autosize
      minRows={1}
      maxRows={10}
      {...(placeholder === undefined ? {} : { placeholder })}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => {
        if (text !== initial) onKeep(text);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || text === initial) return;
        setText(initial);
        event.preventDefault();
      }}
    />
  );
}
