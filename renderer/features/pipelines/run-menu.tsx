import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { reaches, type PlanTarget } from './plan-dialog.tsx';

/** Runs a stage, or a group: with what it needs, with what needs it, or alone. What that means is shown before it begins. */
export function RunMenu({
  stage,
  onRun,
}: {
  stage: string;
  /** Null where nothing can be run now. */
  onRun: ((target: PlanTarget) => void) | null;
}) {
  return (
    <Menu position="bottom-start" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button
          disabled={onRun === null}
          rightSection={<IconChevronDown size={14} stroke={1.5} aria-hidden />}
        >
          Run…
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {reaches.map(({ reach, name }) => (
          <Menu.Item key={reach} onClick={() => onRun?.({ stage, reach })}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
