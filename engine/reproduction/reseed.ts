import { readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** The name of a random seed: `seed`, `random_state`, `PYTHONHASHSEED`, `data.seed`; no `seed_count`. */
const seedName = /(^|[._-])(seed|seed_everything|random_?seed|manual_?seed|random_?state|pythonhashseed)$/i;

export const isSeedName = (name: string): boolean => seedName.test(name);

export interface Reseeded {
  readonly command: string[];
  readonly variables: Record<string, string>;
  /** What was changed and how, such as `--seed 1 → 2`; null where no seed was found. */
  readonly seeds: string | null;
}

/** A larger file is data that is called like a configuration. */
const configBytes = 256 * 1024;
const configName = /\.(ya?ml|toml|json)$/i;
/** `seed: 1`, `"random_state": 1`, `data.seed = 1`, at the beginning of a line or after a brace or comma. */
const inConfig = /((?:^|[\n{,])[ \t]*["']?)([\w.-]+)(["']?[ \t]*[:=][ \t]*)(\d{1,9})(?![\w.])/g;

/**
 * The same run with every seed that is found moved on by `step`: in the command's arguments (`--seed 1`, `--seed=1`, `seed=1`), in the
 * variables that were recorded, and in the configuration files that the command names, which are rewritten in `folder`. A seed that the
 * code sets for itself stays.
 */
export async function reseed({
  command,
  variables,
  folder,
  step,
}: {
  command: readonly string[];
  variables: Readonly<Record<string, string>>;
  /** The folder that the run will work in, which is its own. */
  folder: string;
  step: number;
}): Promise<Reseeded> {
  const changes: string[] = [];
  const moved = (name: string, value: string): string => {
    const other = String(Number(value) + step);
    changes.push(`${name} ${value} → ${other}`);
    return other;
  };
  const isSeed = (name: string, value: string | undefined): value is string =>
    isSeedName(name.replace(/^[-+]+/, '')) && value !== undefined && /^\d{1,9}$/.test(value);
  const words = [...command];
  for (const [at, word] of words.entries()) {
    const before = words[at - 1] ?? '';
    const [, name = '', value] = /^([-+]*[\w.-]+)=(.*)$/.exec(word) ?? [];
    if (isSeed(name, value)) words[at] = `${name}=${moved(name, value)}`;
    else if (before.startsWith('-') && isSeed(before, word)) words[at] = moved(before, word);
    else if (/\s/.test(word))
      // The text of a shell.
      words[at] = word.replaceAll(
        /(?<![\w-])(-{0,2}[\w.-]+)([= ])(\d{1,9})(?![\w.])/g,
        (all: string, own: string, between: string, number: string) =>
          isSeed(own, number) && (between === '=' || own.startsWith('-'))
            ? `${own}${between}${moved(own, number)}`
            : all,
      );
  }
  const others = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      isSeed(name, value) ? moved(name, value) : value,
    ]),
  );
  for (const word of command) {
    const path = resolve(folder, word.replace(/^--?[A-Za-z][\w-]*=/, ''));
    if (!configName.test(path) || !path.startsWith(join(folder, '/'))) continue;
    const text = await configText(path);
    const changed = text?.replaceAll(
      inConfig,
      (all: string, lead: string, name: string, between: string, number: string) =>
        isSeed(name, number) ? `${lead}${name}${between}${moved(name, number)}` : all,
    );
    if (changed !== undefined && changed !== text) await writeFile(path, changed);
  }
  return { command: words, variables: others, seeds: changes.length === 0 ? null : changes.join(', ') };
}

async function configText(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).size > configBytes ? undefined : await readFile(path, 'utf8');
  } catch {
    return undefined; // no such file: the word is no path
  }
}
