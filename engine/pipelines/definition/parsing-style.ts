import type { ProjectFiles } from './project-files.ts';
import { defaultParsingStyle, type ParsingStyle } from './template-text.ts';

/** The `[parsing]` section of `.dvc/config`; that of `.dvc/config.local` counts more. */
export function parsingStyle(files: ProjectFiles): ParsingStyle {
  if (files.kind('.dvc') !== 'folder') return defaultParsingStyle;
  let section = '';
  const values: Record<string, string> = {};
  for (const file of ['.dvc/config', '.dvc/config.local']) {
    for (const line of (files.text(file) ?? '').split(/\r?\n/)) {
      section = /^\s*\[(.*)\]\s*$/.exec(line)?.[1]?.trim() ?? section;
      const [, key, value] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      if (section === 'parsing' && key !== undefined && value !== undefined) values[key] = value;
    }
  }
  return {
    bool: values.bool === 'boolean_optional' ? 'boolean_optional' : 'store_true',
    list: values.list === 'append' ? 'append' : 'nargs',
  };
}
