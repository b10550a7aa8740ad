import { Menu } from '@mantine/core';
import { IconBell, IconBellOff } from '@tabler/icons-react';
import { showProblem } from './show-problem.ts';
import type { NoticeKind } from './run-notice.ts';
import { mayNotify } from './show-notice.ts';
import { useIncidentNoticeKind } from './use-incident-notices.ts';
import { useNoticeKind } from './use-run-notices.ts';
import { BenchtopError } from '../../contract/index.ts';

const kinds: readonly { id: NoticeKind; name: string }[] = [
  { id: 'all', name: 'Every run' },
  { id: 'failed', name: 'Only runs that fail' },
  { id: 'none', name: 'None' },
];

/** What the system's notifications tell: which ends of runs, and whether an incident that opens. */
export function NoticeMenu({ className }: { className: string | undefined }) {
  const [wanted, setWanted] = useNoticeKind();
  const [areIncidentsTold, setIncidentsTold] = useIncidentNoticeKind();
  const allowed = async (change: () => void) => {
    if (await mayNotify()) return change();
    showProblem(
      new BenchtopError({
        code: 'not-allowed',
        what: 'The browser does not let this page show notifications.',
        next: 'Allow them for this address in the browser’s settings, then choose again.',
      }),
    );
  };
  const choose = (kind: NoticeKind) =>
    kind === 'none' ? Promise.resolve(setWanted(kind)) : allowed(() => setWanted(kind));
  const Icon = wanted === 'none' && !areIncidentsTold ? IconBellOff : IconBell;
  return (
    <Menu position="top-start">
      <Menu.Target>
        <button
          type="button"
          className={className}
          aria-label="Notifications"
          title="Notifications of runs and incidents"
        >
          <Icon size={14} stroke={1.5} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Tell the end of</Menu.Label>
        {kinds.map(({ id, name }) => (
          <Menu.RadioItem
            key={id}
            value={id}
            checked={wanted === id}
            closeMenuOnClick
            onChange={() => void choose(id)}
          >
            {name}
          </Menu.RadioItem>
        ))}
        <Menu.Label>Tell of monitors</Menu.Label>
        <Menu.CheckboxItem
          checked={areIncidentsTold}
          closeMenuOnClick
          onChange={(isOn) => void (isOn ? allowed(() => setIncidentsTold(true)) : setIncidentsTold(false))}
        >
          An incident that opens
        </Menu.CheckboxItem>
      </Menu.Dropdown>
    </Menu>
  );
}
