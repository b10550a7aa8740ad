import { useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconKeyboard, IconMoon, IconSql, IconSun, IconTrash } from '@tabler/icons-react';
import { Link } from 'wouter';
import { keepTheme } from './keep-theme.ts';
import { NoticeMenu } from './notice-menu.tsx';
import styles from './rail-foot.module.css';
import { showDialog } from './window-state.ts';

const themes = [
  { id: 'auto', name: 'Theme: as the system', Icon: IconDeviceDesktop },
  { id: 'light', name: 'Theme: light', Icon: IconSun },
  { id: 'dark', name: 'Theme: dark', Icon: IconMoon },
] as const;

/** The foot of the rail: the theme and the keys. */
export function RailFoot({ isFolded }: { isFolded: boolean }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <div className={styles.foot} data-folded={isFolded || undefined}>
      <div role="group" aria-label="Theme" className={styles.themes}>
        {themes.map(({ id, name, Icon }) => (
          <button
            key={id}
            type="button"
            aria-label={name}
            title={name}
            aria-pressed={colorScheme === id}
            className={styles.button}
            onClick={() => {
              setColorScheme(id);
              keepTheme(id);
            }}
          >
            <Icon size={14} stroke={1.5} aria-hidden />
          </button>
        ))}
      </div>
      <NoticeMenu className={styles.button} />
      <Link href="/sql" className={styles.button} aria-label="SQL" title="SQL">
        <IconSql size={15} stroke={1.5} aria-hidden />
      </Link>
      <Link href="/bin" className={styles.button} aria-label="Bin" title="Bin">
        <IconTrash size={14} stroke={1.5} aria-hidden />
      </Link>
      <button
        type="button"
        className={styles.button}
        aria-label="Keys"
        title="Keys (?)"
        onClick={() => showDialog('keys')}
      >
        <IconKeyboard size={15} stroke={1.5} aria-hidden />
      </button>
    </div>
  );
}
