import { Menu } from '@mantine/core';
import { IconBell, IconBellOff, IconCheck } from '@tabler/icons-react';
import { showProblem } from './show-problem.ts';
import type { NoticeKind } from './run-notice.ts';
import { mayNotify, useNoticeKind } from './use-run-notices.ts';
import { BenchtopError } from '../../contract/index.ts';

const kinds: readonly { id: NoticeKind; name: string }[] = [
  { id: 'all', name: 'Every run' },
  { id: 'failed', name: 'Only runs that fail' },
  { id: 'none', name: 'None' },
];

/** Which ends of runs the system's notifications tell. */
export function NoticeMenu({ className }: { className: string | undefined }) {
  const [wanted, setWanted] = useNoticeKind();
  const choose = async (kind: NoticeKind) => {
    if (kind === 'none' || (await mayNotify())) return setWanted(kind);
    showProblem(
      new BenchtopError({
        code: 'not-allowed',
        what: 'The browser does not let this page show notifications.',
        next: 'Allow them for this address in the browser’s settings, then choose again.',
      }),
    );
  };
  const Icon = wanted === 'none' ? IconBellOff : IconBell;
  return (
    <Menu position="top-start">
      <Menu.Target>
        <button
          type="button"
          className={className}
          aria-label="Notifications"
          title="Notifications at the end of runs"
        >
          <Icon size={14} stroke={1.5} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Tell the end of</Menu.Label>
        {kinds.map(({ id, name }) => (
          <Menu.Item
            key={id}
            role="menuitemradio"
            aria-checked={wanted === id}
            leftSection={
              wanted === id ? <IconCheck size={14} stroke={1.5} /> : <span style={{ width: 14 }} />
            }
            onClick={() => void choose(id)}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
