import { commands, type Command } from './commands.ts';

/** The name of a key press in the notation of the command table: `mod+K`, `shift+F6`, `J`, `?`. */
export function keyName(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
): string {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  // A sign such as "?" already tells whether shift was held.
  const isShifted = event.shiftKey && (event.key.length > 1 || /[a-z]/i.test(event.key));
  return [
    event.ctrlKey || event.metaKey ? 'mod+' : '',
    event.altKey ? 'alt+' : '',
    isShifted ? 'shift+' : '',
    key,
  ].join('');
}

/** The command of a key press. Inside a text field only keys with a modifier and function keys are commands. */
export function commandForKey(event: KeyboardEvent): Command | undefined {
  const name = keyName(event);
  const isPlain = !name.startsWith('mod+') && !/F\d+$/.test(name);
  if (isPlain && takesKeys(event.target)) return undefined;
  if (name === 'mod+A' && takesKeys(event.target)) return undefined;
  return commands.find((command) => command.keys?.includes(name));
}

function takesKeys(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return (
    target.closest(
      'input:not([type="checkbox"]), textarea, select, [contenteditable], [role="dialog"], [role="menu"], [role="listbox"]',
    ) !== null
  );
}

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
const signs: Record<string, string> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
  plus: '+',
  Escape: 'Esc',
  Delete: 'Del',
  ' ': 'Space',
};

/** "Ctrl K" or "⌘ K": the parts of a key as a person knows them. */
export function keyParts(keys: string): string[] {
  return keys.split('+').map((part) => {
    if (part === 'mod') return isMac ? '⌘' : 'Ctrl';
    if (part === 'shift') return isMac ? '⇧' : 'Shift';
    return signs[part] ?? part;
  });
}
