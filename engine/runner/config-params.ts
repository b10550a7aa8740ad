import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { flatValues } from '../config-values.ts';
import { readConfig } from './read-config.ts';
import { isSecretName, ownArguments, redacted } from './argument-params.ts';

const settingsName = /\.(ya?ml|toml)$/i;
/** JSON is data more often than settings: the option or the path must speak for it. */
const jsonSettings = /conf|cfg|param|setting|option/i;
/** A larger file is data that is called like a configuration. */
const maxBytes = 256 * 1024;
const maxParams = 300;
const maxCharacters = 500;

/** Params with dotted names, and the files that have told any. */
export interface FileParams {
  readonly params: Readonly<Record<string, string>>;
  readonly files: readonly string[];
}

/**
 * The values of the YAML, TOML and JSON files that a command line names (`--config conf.yaml`, `conf/base.json`). What cannot be
 * read is left to the program to complain of.
 */
export async function configParams(command: readonly string[], workingFolder: string): Promise<FileParams> {
  const words = ownArguments(command);
  const named = words.flatMap((argument, at) => {
    const file = argument.replace(/^--?[A-Za-z][\w-]*=/, '');
    const saying = `${words[at - 1]?.startsWith('-') === true ? words[at - 1] : ''} ${argument}`;
    return settingsName.test(file) || (/\.json$/i.test(file) && jsonSettings.test(saying)) ? [file] : [];
  });
  return paramsOfFiles(named, workingFolder);
}

/** What libraries write a run's settings to: Lightning's hparams.yaml, YOLO's args.yaml, Hydra's .hydra/config.yaml and the like. */
const leftSettings =
  /(^|\/)((hparams|args|opt|hyp|hyperparameters)\.(ya?ml|json|toml)|\.hydra\/config\.yaml)$/i;

/** The values of the files, among those that a run has written, in which a library keeps the run's settings. */
export async function leftParams(paths: readonly string[], workingFolder: string): Promise<FileParams> {
  return paramsOfFiles(
    paths.filter((path) => leftSettings.test(path)),
    workingFolder,
  );
}

/** Of two files the first that says a name has it; what is no configuration is passed over. */
async function paramsOfFiles(paths: readonly string[], folder: string): Promise<FileParams> {
  const params: Record<string, string> = {};
  const files: string[] = [];
  for (const path of paths) {
    const content = await configAt(resolve(folder, path));
    if (typeof content !== 'object' || content === null || Array.isArray(content)) continue;
    const values = flatValues('', content).filter(([, text]) => text.length <= maxCharacters);
    if (values.length === 0 || values.length > maxParams) continue;
    files.push(path);
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
    return undefined; // not there, or no configuration: the program will say so itself, if it minds
  }
}
