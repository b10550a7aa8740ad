import { posix } from 'node:path';
import { signatureParts } from '../../../contract/index.ts';
import type { CardFacts } from './card-facts.ts';
import { frontMatter, metricsOf } from './front-matter.ts';
import { heldOutText, slicesText } from './held-out-text.ts';
import { bytesText, escaped, numberText, table } from './markdown.ts';

const unanswered = '_Nobody has said yet._';
const unknown = '_Not recorded._';
const packagesShown = 40;

/** A model card: front matter and sections, each filled from the record or by a person. */
export function cardText(facts: CardFacts): string {
  const { version, description, answers } = facts;
  const sections: [title: string, text: string][] = [
    ['Intended use', answers.intendedUse || unanswered],
    ['Out of scope, limitations', answers.limitations || unanswered],
    ['How to load it', usage(facts)],
    ['Signature', signature(facts)],
    ['Training data', trainingData(facts)],
    ['Training', training(facts)],
    ['Evaluation', evaluation(facts)],
    ['On held-out rows', heldOutText(facts)],
    ['Slices', slicesText(facts)],
    ['Environment', environment(facts)],
    ['Hardware, time and energy', hardware(facts)],
    ['Licence and contact', licence(facts)],
    ['History', history(facts)],
  ];
  return [
    frontMatter(facts),
    `# ${version.name}, version ${version.version}\n`,
    ...[description, version.description].filter((text) => text !== '').map((text) => `${text}\n`),
    ...sections.map(([title, text]) => `## ${title}\n\n${text}\n`),
  ].join('\n');
}

function usage({ version, content }: CardFacts): string {
  const resolve = `benchtop model resolve ${version.name}/${version.version}`;
  return content.flavors.includes('python_function')
    ? `\`\`\`python\nimport mlflow\n\nmodel = mlflow.pyfunc.load_model("models:/${version.name}/${version.version}")\n\`\`\``
    : `\`\`\`sh\n${resolve}\n\`\`\``;
}

function signature({ content }: CardFacts): string {
  const fields = signatureParts.flatMap((part) =>
    (content.signature?.[part] ?? []).map((field) => [
      part,
      field.name,
      field.type,
      field.default ?? (field.isRequired ? 'required' : 'optional'),
    ]),
  );
  return fields.length === 0 ? 'It has none.' : table(['part', 'name', 'type', 'default'], fields);
}

function trainingData({ data, loggedData }: CardFacts): string {
  const rows = [
    ...data
      .filter(({ role }) => role === 'input')
      .map(({ path, version, knownBy, note }) => [
        posix.basename(path),
        version === null ? (note ?? 'not recorded') : version.version.slice(0, 12),
        version === null ? '' : String(version.fileCount),
        version === null ? '' : bytesText(version.sizeBytes),
        knownBy.join(', '),
      ]),
    ...loggedData.map(({ name, digest }) => [name, digest, '', '', 'logged']),
  ];
  return rows.length === 0 ? unknown : table(['data', 'version', 'files', 'size', 'known by'], rows);
}

function training(facts: CardFacts): string {
  const { run, snapshot } = facts;
  if (run === null) return unknown;
  const git = facts.environment?.git;
  const base = facts.baseModel;
  const lines = [
    `- Run: \`${run.id}\` (${escaped(run.name)}), ${run.status}`,
    ...(run.command.length === 0
      ? []
      : [`- Command: \`${run.command.join(' ').replaceAll(/[`\s]+/g, ' ')}\``]),
    snapshot?.commitId
      ? `- Code: commit \`${snapshot.commitId}\` on \`${snapshot.ref}\`, made of the working tree when the run began`
      : `- Code: ${git?.commit ? `commit \`${git.commit}\`${git.isDirty ? ', with changes that were not kept' : ''}` : 'not recorded'}`,
    ...(base === null ? [] : [`- Base model: ${escaped(base.name)}, as ${escaped(base.namedBy)} names it`]),
  ];
  const params = Object.entries(run.params);
  return `${lines.join('\n')}\n${params.length === 0 ? '' : `\n${table(['param', 'value'], params)}`}`.trimEnd();
}

function evaluation(facts: CardFacts): string {
  const metrics = metricsOf(facts);
  return metrics.length === 0
    ? unknown
    : table(
        ['metric', 'last', 'least', 'greatest'],
        metrics.map(({ type, value }) => {
          const { min, max } = facts.run?.metrics[type] ?? { min: null, max: null };
          return [type, numberText(value), ...[min, max].map((end) => (end === null ? '' : numberText(end)))];
        }),
      );
}

function environment({ environment }: CardFacts): string {
  if (environment === null) return unknown;
  const { interpreter, packages, host, lockId } = environment;
  const named = (packages ?? []).slice(0, packagesShown).map(({ name, version }) => `${name} ${version}`);
  const more = (packages?.length ?? 0) - named.length;
  return [
    `- ${interpreter === null ? 'Interpreter not known' : `${interpreter.language ?? 'Interpreter'} ${interpreter.version ?? ''}`.trim()} on ${host.os}, ${host.architecture}`,
    `- Lock: \`${lockId}\``,
    ...(named.length === 0 ? [] : [`- Packages: ${named.join(', ')}${more > 0 ? `, and ${more} more` : ''}`]),
  ].join('\n');
}

function hardware({ environment, run, energy }: CardFacts): string {
  const host = environment?.host;
  const lines = [
    ...(host === undefined
      ? []
      : [
          `- ${host.cpuModel ?? 'Processor not known'}, ${host.cores} cores, ${bytesText(host.memoryBytes)} of memory`,
          `- GPUs: ${host.gpus === null || host.gpus.length === 0 ? 'none found' : host.gpus.map(({ name }) => name).join(', ')}`,
        ]),
    ...(run?.startedAt && run.endedAt
      ? [`- Time: ${hoursText((run.endedAt - run.startedAt) / 3_600_000)}`]
      : []),
    energy === null
      ? '- Energy: not measured, and nothing to estimate it from'
      : `- Energy, an estimate: ${energy.kilowattHours.toPrecision(2)} kWh from ${energy.cpuSeconds.toFixed(0)} core-seconds and ${energy.gpuSeconds.toFixed(0)} GPU-seconds. ${energy.formula}`,
  ];
  return lines.join('\n');
}

function licence({ answers, baseModel }: CardFacts): string {
  if (answers.license === '' && answers.contact === '' && baseModel === null) return unanswered;
  return [
    `- Licence: ${answers.license || unanswered}`,
    `- Contact: ${answers.contact === '' ? unanswered : answers.contact}`,
    ...(baseModel === null
      ? []
      : [
          baseModel.license === null
            ? `- Base model: ${escaped(baseModel.name)}. Nobody tells its licence, which has to allow this one.`
            : `- Base model: ${escaped(baseModel.name)}, under ${escaped(baseModel.license)} (told by ${escaped(baseModel.licensedBy ?? '')}), which has to allow this one`,
        ]),
  ].join('\n');
}

function history({ history, content }: CardFacts): string {
  const files = history.find(({ kind }) => kind === 'version-created')?.evidence?.files;
  const rows = history
    .filter(({ kind }) => kind !== 'tag-set' && kind !== 'tag-removed' && kind !== 'card-answered')
    .map((entry) => [
      new Date(entry.atMs).toISOString().slice(0, 16).replace('T', ' '),
      entry.kind,
      entry.item,
      entry.reason,
    ]);
  return [
    ...(files === undefined
      ? []
      : [
          `Files: ${files.count}, ${bytesText(files.sizeBytes)}, sha256 over all \`${files.sha256}\`${content.sinceRegistered === 'changed' ? ' when it was registered; **they are others now**' : ''}.\n`,
        ]),
    table(['when (UTC)', 'what', 'about', 'reason'], rows),
  ].join('\n');
}

function hoursText(hours: number): string {
  return hours < 0.1 ? `${(hours * 3600).toFixed(0)} s` : `${hours.toFixed(2)} h`;
}
