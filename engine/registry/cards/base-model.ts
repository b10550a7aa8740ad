import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import type { BaseModel, CardAnswers, Run } from '../../../contract/index.ts';

/** Params in which training scripts name the model that they begin with. */
const baseModelParams = [
  'base_model',
  'base_model_name',
  'model_name_or_path',
  'pretrained_model_name_or_path',
  'pretrained_model',
];

/** Files of a model that libraries write about the model that it was made from. */
export const baseModelFiles = {
  /** PEFT and the Hugging Face Trainer: a card whose `base_model` names it. */
  card: 'README.md',
  /** PEFT: `base_model_name_or_path`. */
  adapter: 'adapter_config.json',
  /** MLflow's transformers flavor: the metadata of the card of the model that was loaded, with its `license`. */
  fetchedCard: 'model_card_data.yaml',
} as const;

const cardMetadata = z.looseObject({
  base_model: z.union([z.string(), z.array(z.string()).nonempty()]).optional(),
  license: z.string().optional(),
});
const adapterConfig = z.looseObject({ base_model_name_or_path: z.string().optional() });

/**
 * The model that training began with, and under which licence it is.
 * @param texts of the files above, by their names.
 * @param licenseOf what the card of a version registered here says, for a base model that is one.
 */
export function baseModelOf({
  run,
  texts,
  answers,
  licenseOf,
}: {
  run: Run | null;
  texts: Readonly<Partial<Record<string, string>>>;
  answers: Pick<CardAnswers, 'baseLicense'>;
  licenseOf: (reference: string) => string | null;
}): BaseModel | null {
  const found = namedIn(run, texts);
  if (found === null) return null;
  const fetched = metadataOf(texts[baseModelFiles.fetchedCard])?.license;
  const registered = found.name.startsWith('models:/') ? licenseOf(found.name) : null;
  const told: Pick<BaseModel, 'license' | 'licensedBy'> =
    answers.baseLicense !== ''
      ? { license: answers.baseLicense, licensedBy: 'a person' }
      : registered !== null
        ? { license: registered, licensedBy: `the card of ${found.name}` }
        : fetched !== undefined && fetched !== ''
          ? { license: fetched, licensedBy: baseModelFiles.fetchedCard }
          : { license: null, licensedBy: null };
  return { ...found, ...told };
}

function namedIn(
  run: Run | null,
  texts: Readonly<Partial<Record<string, string>>>,
): Pick<BaseModel, 'name' | 'namedBy'> | null {
  for (const param of baseModelParams) {
    const name = run?.params[param];
    if (name !== undefined && name !== '') return { name, namedBy: `the param ${param}` };
  }
  const { card, adapter } = baseModelFiles;
  const named = metadataOf(frontMatterIn(texts[card]))?.base_model;
  const [name] = typeof named === 'string' ? [named] : (named ?? []);
  if (name !== undefined && name !== '') return { name, namedBy: card };
  const adapted = adapterConfig.safeParse(valueIn(texts[adapter])).data?.base_model_name_or_path;
  return adapted === undefined || adapted === '' ? null : { name: adapted, namedBy: adapter };
}

const metadataOf = (text: string | undefined) => cardMetadata.safeParse(valueIn(text)).data;

const frontMatterIn = (text: string | undefined) =>
  text === undefined ? undefined : /^---\r?\n(.*?)\r?\n---/s.exec(text)?.[1];

/** YAML, of which JSON is a part. What cannot be read tells nothing. */
function valueIn(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return parseYaml(text);
  } catch {
    return undefined; // a file of somebody else, that names no base model then
  }
}
