import { z } from 'zod';
import type { BaseModel, CardAnswers, Run } from '../../../contract/index.ts';
import { cardMetadataIn, cardMetadataOf, valueIn } from './card-metadata.ts';

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
  /** transformers: `_name_or_path`. */
  config: 'config.json',
  /** MLflow's transformers flavor: the metadata of the card of the model that was loaded, with its `license`. */
  fetchedCard: 'model_card_data.yaml',
} as const;

const named = z.looseObject({
  base_model_name_or_path: z.string().optional(),
  _name_or_path: z.string().optional(),
});

type Texts = Readonly<Partial<Record<string, string>>>;
type Licence = Pick<BaseModel, 'license' | 'licensedBy'>;

/**
 * The model that training began with, and under which licence it is.
 * @param texts of the files above, by their names.
 * @param licenseOf what the card of a version registered here says, for a base model that is one.
 * @param licenseBeside what the card of a base model says that lies on this machine.
 */
export async function baseModelOf({
  run,
  texts,
  answers,
  licenseOf,
  licenseBeside,
}: {
  run: Run | null;
  texts: Texts;
  answers: Pick<CardAnswers, 'baseLicense'>;
  licenseOf: (reference: string) => string | null;
  licenseBeside: (name: string) => Promise<Licence | null>;
}): Promise<BaseModel | null> {
  const found = namedIn(run, texts);
  if (found === null) return null;
  if (answers.baseLicense !== '') return { ...found, license: answers.baseLicense, licensedBy: 'a person' };
  if (found.name.startsWith('models:/')) {
    const license = licenseOf(found.name);
    return { ...found, license, licensedBy: license === null ? null : `the card of ${found.name}` };
  }
  const beside = await licenseBeside(found.name);
  if (beside !== null) return { ...found, ...beside };
  const fetched = cardMetadataOf(texts[baseModelFiles.fetchedCard])?.license ?? '';
  return fetched === ''
    ? { ...found, license: null, licensedBy: null }
    : { ...found, license: fetched, licensedBy: baseModelFiles.fetchedCard };
}

function namedIn(run: Run | null, texts: Texts): Pick<BaseModel, 'name' | 'namedBy'> | null {
  for (const param of baseModelParams) {
    const name = run?.params[param];
    if (name !== undefined && name !== '') return { name, namedBy: `the param ${param}` };
  }
  const { card, adapter, config, fetchedCard } = baseModelFiles;
  const inFiles: readonly (readonly [file: string, name: string | readonly string[] | undefined])[] = [
    [card, cardMetadataIn(texts[card])?.base_model],
    [adapter, named.safeParse(valueIn(texts[adapter])).data?.base_model_name_or_path],
    [config, named.safeParse(valueIn(texts[config])).data?._name_or_path],
    [fetchedCard, cardMetadataOf(texts[fetchedCard])?.base_model],
  ];
  for (const [file, value] of inFiles) {
    const [name = ''] = typeof value === 'string' ? [value] : (value ?? []);
    if (name !== '') return { name, namedBy: file };
  }
  return null;
}
