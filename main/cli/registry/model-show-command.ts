import {
  signatureParts,
  type EngineApi,
  type ModelContent,
  type ModelVersion,
  type SignatureDiff,
} from '../../../contract/index.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { textColumns } from '../text-columns.ts';
import { modelOrVersion } from './model-or-version.ts';

export interface ModelShowOptions {
  readonly home: string;
  readonly against?: string;
  readonly json?: boolean;
}

const pageVersions = 1000;

const moment = (at: number) => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/** `benchtop model show`: all versions of a name, or one of them whole. */
export async function modelShowCommand(reference: string, options: ModelShowOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const { name, version } = await modelOrVersion(engine.api, reference);
    if (version === null && options.against === undefined) await showModel(engine.api, name, options);
    else await showVersion(engine.api, reference, options);
  });
}

async function showModel(api: EngineApi, name: string, { json }: ModelShowOptions): Promise<void> {
  const model = await api.registry.model({ name });
  const versions = await versionsOf(api, name);
  if (json) return console.log(jsonText({ ...model, versions }));
  console.log(`${model.name}${model.description === '' ? '' : `: ${model.description}`}`);
  for (const line of textColumns(Object.entries(model.tags).map(([key, value]) => [`tag ${key}`, value])))
    console.log(line);
  const rows = versions.map((version) => [
    String(version.version),
    version.aliases.join(', '),
    version.stage === 'None' ? '' : version.stage,
    version.runId?.slice(0, 8) ?? '',
    moment(version.createdAt),
    version.description.split('\n', 1)[0] ?? '',
  ]);
  const titles = ['version', 'aliases', 'stage', 'run', 'registered', 'description'];
  for (const line of textColumns([titles, ...rows])) console.log(line);
}

async function versionsOf(api: EngineApi, name: string): Promise<ModelVersion[]> {
  const versions: ModelVersion[] = [];
  for (;;) {
    const before = versions.at(-1)?.version;
    const page = await api.registry.versions({
      name,
      limit: pageVersions,
      ...(before === undefined ? {} : { before }),
    });
    versions.push(...page);
    if (page.length < pageVersions) return versions;
  }
}

async function showVersion(
  api: EngineApi,
  reference: string,
  { against, json }: ModelShowOptions,
): Promise<void> {
  const version = await api.registry.version({ reference });
  const content = await api.registry.content(version);
  const other = against === undefined ? null : await api.registry.version({ reference: against });
  const difference =
    other === null ? null : await api.registry.compareSignatures({ before: other, after: version });
  if (json) return console.log(jsonText({ ...version, content, difference }));
  for (const line of versionText(version, content)) console.log(line);
  if (other !== null && difference !== null)
    for (const line of differenceText(`${other.name}/${other.version}`, difference)) console.log(line);
}

function versionText(version: ModelVersion, content: ModelContent): string[] {
  const { signature } = content;
  const facts = [
    ['aliases', version.aliases.join(', ') || 'none'],
    ['stage', version.stage],
    ['run', version.runId ?? 'none'],
    ['registered', moment(version.createdAt)],
    ['source', version.source],
    [
      'files',
      `${content.fileCount}, ${content.sizeBytes.toLocaleString('en-US')} bytes${changed[content.sinceRegistered]}`,
    ],
    ['flavors', content.flavors.join(', ') || 'none'],
    ...Object.entries(version.tags).map(([key, value]) => [`tag ${key}`, value]),
    ...(content.problem === null ? [] : [['problem', content.problem]]),
  ];
  const fields = signatureParts.flatMap((part) =>
    (signature?.[part] ?? []).map((field) => [
      part,
      field.name,
      field.type,
      field.default === null ? (field.isRequired ? '' : 'optional') : `default ${field.default}`,
    ]),
  );
  return [
    `${version.name}, version ${version.version}`,
    ...(version.description === '' ? [] : [version.description]),
    ...textColumns(facts),
    ...(fields.length === 0 ? ['no signature'] : textColumns(fields)),
  ];
}

const changed: Readonly<Record<ModelContent['sinceRegistered'], string>> = {
  same: '',
  changed: ', CHANGED since it was registered',
  unknown: ', whether they are those that were registered is not known',
};

function differenceText(other: string, { changes, verdict }: SignatureDiff): string[] {
  const rows = changes.map((change) => [
    change.isBreaking ? 'breaking' : 'fine',
    change.part,
    change.name,
    `${change.before ?? 'nothing'} -> ${change.after ?? 'nothing'}`,
    change.because,
  ]);
  return [`Signature against ${other}: ${verdict}`, ...textColumns(rows)];
}
