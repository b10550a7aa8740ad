import { posix } from 'node:path';
import { Document } from 'yaml';
import type { Run } from '../../../contract/index.ts';
import type { CardFacts } from './card-facts.ts';

/** Hugging Face's words for libraries, by the flavor of MLflow where it is another word. */
const libraryOfFlavor: Readonly<Record<string, string>> = { pytorch: 'pytorch', tensorflow: 'tf-keras' };
const libraryOfExtension: Readonly<Record<string, string>> = {
  '.safetensors': 'safetensors',
  '.onnx': 'onnx',
  '.keras': 'keras',
  '.pt': 'pytorch',
  '.pth': 'pytorch',
  '.joblib': 'sklearn',
  '.skops': 'sklearn',
  '.tflite': 'tflite',
  '.gguf': 'gguf',
};

/** Params in which training scripts name the model that they begin with. */
const baseModelParams = [
  'base_model',
  'base_model_name',
  'model_name_or_path',
  'pretrained_model_name_or_path',
  'pretrained_model',
];

/**
 * The metadata of a Hugging Face model card: https://github.com/huggingface/hub-docs/blob/main/modelcard.md. What is not known is left out; a
 * task is `other`, since no record says what a model is asked.
 */
export function frontMatter(facts: CardFacts): string {
  const { version, answers, run } = facts;
  const library = libraryOf(facts);
  const base = baseModelOf(facts);
  const metrics = metricsOf(facts);
  const dataSets = dataSetsOf(facts);
  const [first] = dataSets;
  const fields = {
    ...(answers.license === '' ? {} : { license: answers.license }),
    ...(library === null ? {} : { library_name: library }),
    tags: ['benchtop'],
    ...(base === null ? {} : { base_model: base }),
    ...(dataSets.length === 0 ? {} : { datasets: dataSets.map(({ name }) => name) }),
    ...(metrics.length === 0 ? {} : { metrics: metrics.map(({ type }) => type) }),
    ...(metrics.length === 0
      ? {}
      : {
          'model-index': [
            {
              name: version.name,
              results: [
                {
                  task: { type: 'other' },
                  dataset: {
                    type: first?.name ?? 'unknown',
                    name: first?.name ?? 'unknown',
                    ...(first?.revision === undefined ? {} : { revision: first.revision }),
                  },
                  metrics,
                },
              ],
            },
          ],
        }),
    benchtop: {
      version: version.version,
      ...(run === null ? {} : { run_id: run.id }),
    },
  };
  return `---\n${new Document(fields).toString({ lineWidth: 0 })}---\n`;
}

/** The model that training began with, as its params name it. */
export function baseModelOf({ run }: { run: Pick<Run, 'params'> | null }): string | null {
  const name = baseModelParams.find((param) => run?.params[param] !== undefined);
  const value = name === undefined ? undefined : run?.params[name];
  return value === undefined || value === '' ? null : value;
}

/** What the run measured of its model, by its last finite value; what it used of the machine is not of the model. */
export function metricsOf({ run }: CardFacts): { type: string; value: number }[] {
  return Object.entries(run?.metrics ?? {})
    .filter(([key, { last }]) => !key.startsWith('system/') && Number.isFinite(last))
    .map(([type, { last }]) => ({ type, value: last }));
}

/** The data that the run read, each name once. */
export function dataSetsOf({ data, loggedData }: CardFacts): { name: string; revision?: string }[] {
  const sets = [
    ...loggedData.map(({ name, digest }) => ({ name, revision: digest })),
    ...data
      .filter(({ role }) => role === 'input')
      .map(({ path, version }) => ({
        name: posix.basename(path),
        ...(version === null ? {} : { revision: version.version }),
      })),
  ];
  return sets.filter(({ name }, at) => sets.findIndex((other) => other.name === name) === at);
}

function libraryOf({ content }: CardFacts): string | null {
  const flavor = content.flavors.find((name) => name !== 'python_function');
  if (flavor !== undefined) return libraryOfFlavor[flavor] ?? flavor;
  for (const { path } of content.files) {
    const library = libraryOfExtension[posix.extname(path).toLowerCase()];
    if (library !== undefined) return library;
  }
  return null;
}
