import { Option } from 'commander';

/** What the argument `<version>` means to the commands over models. */
export const versionMeaning =
  'name@champion, name/3, name/Production, or the name alone for its champion, or else its newest version';

export const aliasOption = (meaning: string): Option =>
  new Option('--alias <alias>', meaning).default('champion', 'champion');

export const reasonOption = (): Option =>
  new Option('--reason <text>', 'why, for the history').default('', 'none');
