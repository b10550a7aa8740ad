import { ActionIcon } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { copyText } from './copy-text.ts';

/** A small button that copies `text`; `what` names it: "Copy the command". */
export function CopyButton({ text, what }: { text: string; what: string }) {
  return (
    <ActionIcon
      size={22}
      aria-label={`Copy ${what}`}
      title={`Copy ${what}`}
      onClick={() => void copyText(text, what)}
    >
      <IconCopy size={14} stroke={1.5} />
    </ActionIcon>
  );
}
