import { readFile, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import { isMissing } from '../is-missing.ts';
import { baseModelOf } from '../registry/index.ts';
import type { JudgedFile, JudgedVersion } from './judged-version.ts';

/** The model that training began with, and what tells under which licence it is. */
export interface BaseModel {
  readonly name: string;
  /** Null where nothing here tells. */
  readonly licence: string | null;
  readonly where: string | null;
}

/** Longer ones are no metadata that a person wrote. */
const textBytesAtMost = 1024 * 1024;

/**
 * The base model of a version, by its run's params or by what its files say (`config.json` and `adapter_config.json` of transformers and PEFT),
 * and its licence: of a registered model its card's, of a folder or of a download in Hugging Face's cache that of the model card there, or
 * else what MLflow kept with the files (`model_card_data.yaml`). Null for a version that began with none.
 * @param licenceOfCard what the card of a registered version says, by a reference such as `models:/base/3`; null where it says nothing.
 */
export async function baseModelOfVersion(
  { run, files }: Pick<JudgedVersion, 'run' | 'files'>,
  projectPath: string | null,
  {
    readFile: readStored,
    licenceOfCard,
  }: {
    readFile: (objectId: string, sizeBytes: number) => Promise<Uint8Array>;
    licenceOfCard: (reference: string) => Promise<string | null>;
  },
): Promise<BaseModel | null> {
  const fileText = async (name: string) => {
    const file = files.find(({ path }) => path === name || path.endsWith(`/${name}`));
    return file === undefined ? null : storedText(file, readStored);
  };
  const name =
    baseModelOf({ run }) ??
    wordAt(parsed(await fileText('adapter_config.json')), 'base_model_name_or_path') ??
    wordAt(parsed(await fileText('config.json')), '_name_or_path') ??
    wordAt(parsed(await fileText('model_card_data.yaml')), 'base_model');
  if (name === null) return null;
  if (name.startsWith('models:/'))
    return { name, licence: await licenceOfCard(name), where: `the card of ${name}` };
  for (const folder of await foldersOf(name, projectPath)) {
    const licence = wordAt(parsed(frontMatter(await textAt(join(folder, 'README.md')))), 'license');
    if (licence !== null) return { name, licence, where: join(folder, 'README.md') };
  }
  const licence = wordAt(parsed(await fileText('model_card_data.yaml')), 'license');
  return { name, licence, where: licence === null ? null : 'model_card_data.yaml among its files' };
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

async function storedText(
  { objectId, sizeBytes }: JudgedFile,
  read: (objectId: string, sizeBytes: number) => Promise<Uint8Array>,
): Promise<string | null> {
  if (objectId === null || sizeBytes > textBytesAtMost) return null;
  return new TextDecoder().decode(await read(objectId, sizeBytes));
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
