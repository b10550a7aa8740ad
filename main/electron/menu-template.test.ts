import type { MenuItemConstructorOptions } from 'electron';
import { expect, test } from 'vitest';
import { menuCommands } from '../../contract/commands.ts';
import { menuTemplate } from './menu-template.ts';

const itemsOf = (menu: MenuItemConstructorOptions | undefined) =>
  Array.isArray(menu?.submenu) ? menu.submenu : [];
const platforms = ['darwin', 'win32', 'linux'] as const;

test.each(platforms)('on %s every command is there once and sends its id', (platform) => {
  const chosen: string[] = [];
  const items = menuTemplate(menuCommands, platform, (id) => chosen.push(id)).flatMap((menu) =>
    itemsOf(menu),
  );
  for (const item of items) (item.click as (() => void) | undefined)?.();
  expect(chosen.toSorted()).toEqual(menuCommands.map(({ id }) => id).toSorted());
});

test.each(platforms)('on %s no menu begins, ends or doubles with a line', (platform) => {
  for (const menu of menuTemplate(menuCommands, platform, () => undefined)) {
    const kinds = itemsOf(menu).map((item) => item.type ?? 'item');
    expect(kinds.at(0)).not.toBe('separator');
    expect(kinds.at(-1)).not.toBe('separator');
    expect(kinds.join(' ')).not.toContain('separator separator');
  }
});

test('each platform has its own order of menus', () => {
  const names = (platform: NodeJS.Platform) =>
    menuTemplate(menuCommands, platform, () => undefined).map((menu) => menu.label ?? menu.role);
  expect(names('linux')).toEqual(['File', 'editMenu', 'Run', 'View', 'Go', 'Help']);
  expect(names('darwin')).toEqual(['appMenu', 'File', 'editMenu', 'Run', 'View', 'Go', 'windowMenu', 'Help']);
});

test('keys are shown in the words of Electron and left to the page', () => {
  const items = menuTemplate(menuCommands, 'linux', () => undefined).flatMap((menu) => itemsOf(menu));
  expect(items.find(({ id }) => id === 'window.palette')).toMatchObject({
    accelerator: 'CmdOrCtrl+K',
    registerAccelerator: false,
  });
  const shown = items.flatMap(({ accelerator }) => (typeof accelerator === 'string' ? [accelerator] : []));
  expect(new Set(shown).size).toBe(shown.length);
  // Without a modifier a menu would swallow what somebody types.
  expect(shown.filter((keys) => !keys.startsWith('CmdOrCtrl+'))).toEqual([]);
});
