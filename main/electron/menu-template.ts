import type { MenuItemConstructorOptions } from 'electron';
import { menus, type MenuCommand, type MenuName } from '../../contract/commands.ts';

const titles: Readonly<Record<MenuName, string>> = {
  file: 'File',
  run: 'Run',
  view: 'View',
  go: 'Go',
  help: 'Help',
};

/**
 * The native menu: the window's commands, and around them what every program of the platform has.
 * Keys of a command are shown, not taken: the page hears them first, and hears them once.
 */
export function menuTemplate(
  commands: readonly MenuCommand[],
  platform: NodeJS.Platform,
  choose: (id: string) => void,
): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin';
  const own = (menu: MenuName): MenuItemConstructorOptions[] =>
    commands
      .filter((command) => command.menu === menu)
      .flatMap(({ id, title, keys, startsGroup }) => [
        ...(startsGroup ? [separator] : []),
        {
          id,
          label: title,
          ...(keys === undefined ? {} : { accelerator: acceleratorOf(keys), registerAccelerator: false }),
          click: () => choose(id),
        },
      ]);
  const around: Readonly<Record<MenuName, MenuItemConstructorOptions[]>> = {
    file: [separator, isMac ? { role: 'close' } : { role: 'quit' }],
    run: [],
    view: [
      separator,
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      separator,
      { role: 'togglefullscreen' },
    ],
    go: [],
    help: [],
  };
  const template = menus.map((menu): MenuItemConstructorOptions => ({
    label: titles[menu],
    ...(menu === 'help' ? { role: 'help' as const } : {}),
    submenu: [...own(menu), ...around[menu]],
  }));
  // What a person expects between the first menu and the rest: copy and paste; on a Mac also the program's own menu.
  template.splice(1, 0, { role: 'editMenu' });
  if (isMac) {
    template.unshift({ role: 'appMenu' });
    template.splice(-1, 0, { role: 'windowMenu' });
  }
  return template;
}

const separator: MenuItemConstructorOptions = { type: 'separator' };

/** `mod+shift+K` in the words of Electron: `CmdOrCtrl+Shift+K`. */
function acceleratorOf(keys: string): string {
  return keys.replace(/\bmod\b/, 'CmdOrCtrl').replace(/\bshift\b/, 'Shift');
}
