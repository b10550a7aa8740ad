import { readFile, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import type { BaseModel, CardAnswers, Run } from '../../../contract/index.ts';
import { isMissing } from '../../is-missing.ts';

/** Params in which training scripts name the model that they begin with. */
const baseModelParams = [
  'base_model',
  'base_model_name',
  'model_name_or_path',
  'pretrained_model_name_or_path',
  'pretrained_model',
];

/** Files in which libraries name it, with the key: PEFT's configuration, that of transformers, what MLflow keeps with those, a card. */
const namingFiles = [
  ['adapter_config.json', 'base_model_name_or_path'],
  ['config.json', '_name_or_path'],
  ['model_card_data.yaml', 'base_model'],
  ['README.md', 'base_model'],
] as const;

/**
 * The base model of a version, by its run's params or by what its files say, and its licence: what a person said; of a registered model its
 * card's; of a folder or of a download in Hugging Face's cache that of the model card there; or else what MLflow kept with the files
 * (`model_card_data.yaml`). Null for a version that began with none.
 * @param textOf a file of the version, by its name in whichever folder; null where there is none, or it is too large.
 * @param licenseOfCard what the card of a version registered here says, by a reference such as `models:/base/3`; null where it says nothing.
 */
export async function baseModelOf({
  run,
  projectPath,
  answers,
  textOf,
  licenseOfCard,
}: {
  run: Pick<Run, 'params'> | null;
  projectPath: string | null;
  answers: Pick<CardAnswers, 'baseLicense'>;
  textOf: (name: string) => Promise<string | null>;
  licenseOfCard: (reference: string) => string | null;
}): Promise<BaseModel | null> {
  const found = namedByParams(run) ?? (await namedByFiles(textOf));
  if (found === null) return null;
  if (answers.baseLicense !== '') return { ...found, license: answers.baseLicense, licensedBy: 'a person' };
  const { name } = found;
  if (name.startsWith('models:/')) {
    const license = licenseOfCard(name);
    return { ...found, license, licensedBy: license === null ? null : `the card of ${name}` };
  }
  for (const folder of await foldersOf(name, projectPath)) {
    const path = join(folder, 'README.md');
    const license = wordAt(parsed(frontMatter(await textAt(path))), 'license');
    if (license !== null) return { ...found, license, licensedBy: path };
  }
  const license = wordAt(parsed(await textOf('model_card_data.yaml')), 'license');
  return { ...found, license, licensedBy: license === null ? null : 'model_card_data.yaml among its files' };
}

type Named = Pick<BaseModel, 'name' | 'namedBy'>;

function namedByParams(run: Pick<Run, 'params'> | null): Named | null {
  for (const param of baseModelParams) {
    const name = run?.params[param];
    if (name !== undefined && name !== '') return { name, namedBy: `the param ${param}` };
  }
  return null;
}

async function namedByFiles(textOf: (name: string) => Promise<string | null>): Promise<Named | null> {
  for (const [file, key] of namingFiles) {
    const text = await textOf(file);
    const name = wordAt(parsed(file.endsWith('.md') ? frontMatter(text) : text), key);
    if (name !== null) return { name, namedBy: file };
  }
  return null;
}

/** Where a base model may lie: a folder that its name is, and what was downloaded of it. */
async function foldersOf(name: string, projectPath: string | null): Promise<string[]> {
  const own = isAbsolute(name) ? [name] : projectPath === null ? [] : [join(projectPath, name)];
  if (!/^[\w.-]+(\/[\w.-]+)?$/.test(name)) return own;
  const { HF_HOME, HF_HUB_CACHE } = process.env;
  const hub = HF_HUB_CACHE ?? join(HF_HOME ?? join(homedir(), '.cache', 'huggingface'), 'hub');
  const snapshots = join(hub, `models--${name.replace('/', '--')}`, 'snapshots');
  const found = await readdir(snapshots).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return [...own, ...found.map((snapshot) => join(snapshots, snapshot))];
}

async function textAt(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error) || (error instanceof Error && 'code' in error && error.code === 'ENOTDIR'))
      return null;
    throw error;
  }
}

/** The metadata of a model card, between its first two lines of dashes. */
const frontMatter = (text: string | null): string | null =>
  /^---\r?\n([\s\S]*?)\r?\n---/.exec(text ?? '')?.[1] ?? null;

/** JSON is YAML too; what is neither says nothing. */
function parsed(text: string | null): unknown {
  if (text === null) return null;
  try {
    return parse(text);
  } catch {
    return null;
  }
}

function wordAt(value: unknown, key: string): string | null {
  const found = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : null;
  const word: unknown = Array.isArray(found) ? found[0] : found;
  return typeof word === 'string' && word.trim() !== '' ? word.trim() : null;
}
