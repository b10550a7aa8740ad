import type { ProjectFiles } from './project-files.ts';
import { defaultParsingStyle, type ParsingStyle } from './template-text.ts';

/** What counts of a project's `.dvc/config` when its stages are read. */
export interface DvcConfig {
  readonly style: ParsingStyle;
  /** The addresses of its remotes by their names; a folder on this machine is relative to `.dvc`, or absolute. */
  readonly remotes: ReadonlyMap<string, string>;
}

/** Reads `.dvc/config`; what `.dvc/config.local` says counts more. */
export function readDvcConfig(files: ProjectFiles): DvcConfig {
  const remotes = new Map<string, string>();
  if (files.kind('.dvc') !== 'folder') return { style: defaultParsingStyle, remotes };
  const style: { bool?: string; list?: string } = {};
  for (const file of ['.dvc/config', '.dvc/config.local']) {
    let section = '';
    for (const line of (files.text(file) ?? '').split(/\r?\n/)) {
      section = /^\s*\[\s*'?(.*?)'?\s*\]\s*$/.exec(line)?.[1] ?? section;
      const [, key, value] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      if (key === undefined || value === undefined) continue;
      const remote = /^remote "(.*)"$/.exec(section)?.[1];
      if (remote !== undefined && key === 'url') remotes.set(remote, value);
      if (section === 'parsing' && (key === 'bool' || key === 'list')) style[key] = value;
    }
  }
  return {
    style: {
      bool: style.bool === 'boolean_optional' ? 'boolean_optional' : 'store_true',
      list: style.list === 'append' ? 'append' : 'nargs',
    },
    remotes,
  };
}
