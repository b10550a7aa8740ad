import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { flatValues } from '../config-values.ts';
import { readConfig } from '../read-config.ts';
import { isSecretName, ownArguments, redacted } from './argument-params.ts';

const settingsName = /\.(ya?ml|toml)$/i;
/** JSON is data more often than settings: the option or the path must speak for it. */
const jsonSettings = /conf|cfg|param|setting|option/i;
/** A larger file is data that is called like a configuration. */
const maxBytes = 256 * 1024;
const maxParams = 300;
const maxCharacters = 500;

/**
 * The values of the YAML, TOML and JSON files that a command line names (`--config conf.yaml`, `conf/base.json`), as params with
 * dotted names. Of two files the first that says a name has it. What cannot be read is left to the program to complain of.
 */
export async function configParams(
  command: readonly string[],
  workingFolder: string,
): Promise<{ params: Record<string, string>; files: string[] }> {
  const params: Record<string, string> = {};
  const files: string[] = [];
  const words = ownArguments(command);
  for (const [at, argument] of words.entries()) {
    const file = argument.replace(/^--?[A-Za-z][\w-]*=/, '');
    const saying = `${words[at - 1]?.startsWith('-') === true ? words[at - 1] : ''} ${argument}`;
    if (!settingsName.test(file) && !(/\.json$/i.test(file) && jsonSettings.test(saying))) continue;
    const content = await configAt(resolve(workingFolder, file));
    if (typeof content !== 'object' || content === null || Array.isArray(content)) continue;
    const values = flatValues('', content).filter(([, text]) => text.length <= maxCharacters);
    if (values.length === 0 || values.length > maxParams) continue;
    files.push(file);
    for (const [name, text] of values) params[name] ??= isSecretName(name) ? redacted : text;
  }
  return { params, files };
}

async function configAt(path: string): Promise<unknown> {
  try {
    const status = await stat(path);
    return status.isFile() && status.size <= maxBytes
      ? readConfig(path, await readFile(path, 'utf8'))
      : undefined;
  } catch {
    return undefined; // the program will say so itself, if it minds
  }
}
