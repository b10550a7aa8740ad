import { posix } from 'node:path';
import { Document } from 'yaml';
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

/**
 * The metadata of a Hugging Face model card: https://github.com/huggingface/hub-docs/blob/main/modelcard.md. What is not known is left out; a
 * task is `other`, since no record says what a model is asked.
 */
export function frontMatter(facts: CardFacts): string {
  const { version, answers, run, baseModel } = facts;
  const library = libraryOf(facts);
  const metrics = metricsOf(facts);
  const dataSets = dataSetsOf(facts);
  const results = [...trainingResults(dataSets[0], metrics), ...heldOutResults(facts)];
  const fields = {
    ...(answers.license === '' ? {} : { license: answers.license }),
    ...(library === null ? {} : { library_name: library }),
    tags: ['benchtop'],
    ...(baseModel === null ? {} : { base_model: baseModel.name }),
    ...(dataSets.length === 0 ? {} : { datasets: dataSets.map(({ name }) => name) }),
    ...(metrics.length === 0 ? {} : { metrics: metrics.map(({ type }) => type) }),
    ...(results.length === 0 ? {} : { 'model-index': [{ name: version.name, results }] }),
    benchtop: {
      version: version.version,
      ...(run === null ? {} : { run_id: run.id }),
    },
  };
  return `---\n${new Document(fields).toString({ lineWidth: 0 })}---\n`;
}

interface DataSet {
  readonly name: string;
  readonly revision?: string;
}
type Metric = { type: string; value: number };

function trainingResults(data: DataSet | undefined, metrics: readonly Metric[]): object[] {
  return metrics.length === 0 ? [] : [result(data ?? { name: 'unknown' }, metrics)];
}

/** What the last gate measured on rows that training had not seen. */
function heldOutResults({ judged }: CardFacts): object[] {
  const evaluation = judged?.evaluation;
  if (evaluation === null || evaluation === undefined) return [];
  const { dataVersion } = evaluation;
  const metrics = evaluation.metrics
    .filter(({ candidate }) => Number.isFinite(candidate.value))
    .map(({ name, candidate }) => ({ type: name, value: candidate.value }));
  const data = { name: 'held-out', ...(dataVersion === null ? {} : { revision: dataVersion }) };
  return metrics.length === 0 ? [] : [result(data, metrics)];
}

const result = ({ name, revision }: DataSet, metrics: readonly Metric[]) => ({
  task: { type: 'other' },
  dataset: { type: name, name, ...(revision === undefined ? {} : { revision }) },
  metrics,
});

/** What the run measured of its model, by its last finite value; what it used of the machine is not of the model. */
export function metricsOf({ run }: CardFacts): Metric[] {
  return Object.entries(run?.metrics ?? {})
    .filter(([key, { last }]) => !key.startsWith('system/') && Number.isFinite(last))
    .map(([type, { last }]) => ({ type, value: last }));
}

/** The data that the run read, each name once. */
function dataSetsOf({ data, loggedData }: CardFacts): DataSet[] {
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
