import { ActionIcon, Menu } from '@mantine/core';
import { IconCopy, IconDots, IconTable, IconZoomReset } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './series-chart.module.css';

/** Everything a chart can do besides being looked at, behind one small button. */
export function ChartMenu(props: {
  title: string;
  isTable: boolean;
  isZoomed: boolean;
  onTable: (isTable: boolean) => void;
  onCopy: (format: 'png' | 'svg' | 'csv') => void;
  onReset: () => void;
  /** What the page adds: entries of the menu. */
  children?: ReactNode;
}) {
  const { title, isTable, isZoomed, onTable, onCopy, onReset, children } = props;
  const icon = { size: 14, stroke: 1.5, 'aria-hidden': true };
  return (
    // In place rather than in a portal, and without the focusable placeholder: a menu may hold menu items only, and a page's
    // content belongs in its landmarks.
    <Menu
      position="bottom-end"
      transitionProps={{ duration: 0 }}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
      shadow="sm"
    >
      <Menu.Target>
        <ActionIcon
          className={classes.menu ?? ''}
          variant="subtle"
          color="gray"
          size={24}
          aria-label={`Chart menu: ${title}`}
        >
          <IconDots {...icon} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconTable {...icon} />} onClick={() => onTable(!isTable)}>
          {isTable ? 'Show as chart' : 'Show as table'}
        </Menu.Item>
        {!isTable && (
          <Menu.Item leftSection={<IconZoomReset {...icon} />} disabled={!isZoomed} onClick={onReset}>
            Show all
          </Menu.Item>
        )}
        <Menu.Divider />
        {(['png', 'svg', 'csv'] as const)
          .filter((format) => !isTable || format === 'csv')
          .map((format) => (
            <Menu.Item key={format} leftSection={<IconCopy {...icon} />} onClick={() => onCopy(format)}>
              Copy as {format.toUpperCase()}
            </Menu.Item>
          ))}
        {children === undefined ? null : <Menu.Divider />}
        {children}
      </Menu.Dropdown>
    </Menu>
  );
}
