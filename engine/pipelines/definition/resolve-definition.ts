import { posix } from 'node:path';
import { ownPipelineFile, type Pipeline } from '../../../contract/index.ts';
import { buildStage, type BareStage } from './build-stage.ts';
import type { DvcConfig } from './dvc-config.ts';
import { fillTemplates } from './fill-templates.ts';
import { defaultParamsFile, readParams } from './params-file.ts';
import type { ProjectFiles } from './project-files.ts';
import { readYaml, YamlMistake, type YamlFile, type YamlMap, type YamlValue } from './read-yaml.ts';
import { schemaMistakes } from './schema-mistakes.ts';
import { projectPath } from './stage-paths.ts';
import { benchtopOnlyKeys, benchtopSchema, dvcSchema } from './stage-schema.ts';
import { noValues, withVars, type TemplateValues } from './template-values.ts';
import { isMap, scalarText } from './template-text.ts';
import { unfoldStages, type WrittenStage } from './unfold-stages.ts';

export type Problem = Pipeline['problems'][number];

/** A stage whose place in its file can be asked for: of a path or name in one of its lists, or else of the stage. */
export interface PlacedStage {
  readonly stage: BareStage;
  place(key: string, path: string): { line: number; column: number };
}

/** The stages of one definition file, templates filled, `foreach` and `matrix` unfolded, and everything that is wrong in it. */
export function resolveDefinition(
  files: ProjectFiles,
  file: string,
  { style, remotes }: DvcConfig,
): { stages: PlacedStage[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const parsed = parse(files.text(file) ?? '', (message, line, column) =>
    problems.push({ file, message, line, column, fix: 'Correct the YAML at this place.' }),
  );
  if (parsed === null) return { stages: [], problems };
  const source = parsed;
  const isOwn = posix.basename(file) === ownPipelineFile;
  const schema = isOwn ? benchtopSchema : dvcSchema;
  const folder = posix.dirname(file);
  const fail = (path: readonly (string | number)[], message: string, fix: string, of?: 'key' | 'value') =>
    problems.push({ file, message, ...source.place(path, of), fix });

  for (const mistake of schemaMistakes(schema.top, source.value, schema.topKeys))
    fail(mistake.path, mistake.message, mistake.fix, mistake.of);
  const top = isMap(source.value) ? source.value : {};
  const entries = top.stages;
  if (!isMap(entries)) {
    if (isOwn || entries !== undefined || problems.length > 0)
      fail(
        ['stages'],
        'The file has no `stages`.',
        'Add a map named `stages` with one entry for each stage.',
      );
    return { stages: [], problems };
  }
  const values = valuesOfFile(files, folder, top, fail, problems);
  const otherKeys = [
    ...(isOwn
      ? []
      : [
          {
            keys: benchtopOnlyKeys,
            hint: `Only ${ownPipelineFile} has this key: rename the file, or remove it.`,
          },
        ]),
    { keys: ['do'], hint: '`do` belongs to `foreach`.' },
  ];

  const stages: PlacedStage[] = [];
  for (const [name, entry] of Object.entries(entries)) {
    const at = ['stages', name];
    const isMany = isMap(entry) && ('foreach' in entry || 'do' in entry);
    const mistakes = schemaMistakes(
      isMany ? schema.foreach : schema.stage,
      entry,
      schema.stageKeys,
      otherKeys,
    );
    for (const mistake of mistakes) {
      const message =
        mistake.path.length === 0 && mistake.of === 'value'
          ? `Stage "${name}" must be a map of keys.`
          : mistake.message;
      fail([...at, ...mistake.path], message, mistake.fix, mistake.of);
    }
    if (name.includes('@'))
      fail(
        at,
        `The name "${name}" holds an @.`,
        'The @ marks stages of foreach and matrix: choose another.',
        'key',
      );
    if (mistakes.length > 0 || !isMap(entry)) continue;
    const written = unfoldStages(name, entry, values.values, (path, { message, fix }) =>
      fail([...at, ...path], message, fix),
    );
    for (const each of written) stages.push(resolveStage(each, at));
  }
  return { stages, problems };

  function resolveStage(written: WrittenStage, at: readonly string[]): PlacedStage {
    const path = [...at, ...written.path];
    const prefix = folder === '.' ? '' : `${file}:`;
    const context = stageValues(written, path);
    const body = Object.fromEntries(
      Object.entries(written.body)
        .filter(([key]) => key !== 'vars')
        .map(([key, value]) => [
          key,
          fillTemplates(
            value,
            {
              values: context.values,
              style,
              filledBy: key === 'cmd' ? 'commands' : key === 'meta' ? 'anything' : 'scalars',
              onMistake: (below, { message, fix }) => fail([...path, ...below], message, fix),
            },
            [key],
          ),
        ]),
    );
    const stage = buildStage(
      body,
      {
        name: prefix + written.name,
        group: written.group === null ? null : prefix + written.group,
        file,
        line: source.place(at, 'key').line,
        root: files.root,
        folder,
        remotes,
      },
      (below, message, fix) => fail([...path, ...below], message, fix),
    );
    return {
      stage,
      place(key, wanted) {
        for (const list of key === 'outs' ? ['outs', 'metrics', 'plots'] : [key]) {
          const entries = body[list];
          const index = (Array.isArray(entries) ? (entries as YamlValue[]) : []).findIndex((item) =>
            (isMap(item) ? Object.keys(item) : [scalarText(item)]).some(
              (text) => text === wanted || projectPath(files.root, stage.workingFolder, text) === wanted,
            ),
          );
          if (index >= 0) return source.place([...path, list, index]);
        }
        return source.place(at, 'key');
      },
    };
  }

  function stageValues(written: WrittenStage, path: readonly string[]): TemplateValues {
    const base = { ...values, values: { ...values.values, ...written.item } };
    const vars = written.body.vars;
    if (!Array.isArray(vars)) return base;
    const wdir = written.body.wdir ?? '.';
    const filled = fillTemplates(wdir, {
      values: base.values,
      style,
      filledBy: 'scalars',
      onMistake: () => undefined,
    });
    return withVars(base, vars as YamlValue[], {
      files,
      folder: projectPath(files.root, folder, scalarText(filled)),
      reserved: Object.keys(written.item),
      onMistake: ({ index, message, fix }) => fail([...path, 'vars', index], message, fix),
    });
  }
}

/** params.yaml where there is one, then `vars`. */
function valuesOfFile(
  files: ProjectFiles,
  folder: string,
  top: YamlMap,
  fail: (path: readonly (string | number)[], message: string, fix: string) => void,
  problems: Problem[],
): TemplateValues {
  let values = noValues;
  const path = posix.join(folder, defaultParamsFile);
  const read = readParams(files, path);
  if ('values' in read) values = { values: read.values, files: new Map([[path, null]]) };
  else if (!read.isMissing)
    problems.push({ file: path, message: read.mistake, line: read.line, column: read.column, fix: read.fix });
  if (!Array.isArray(top.vars)) return values;
  return withVars(values, top.vars as YamlValue[], {
    files,
    folder,
    reserved: [],
    onMistake: ({ index, message, fix }) => fail(['vars', index], message, fix),
  });
}

function parse(
  text: string,
  onMistake: (message: string, line: number, column: number) => void,
): YamlFile | null {
  try {
    return readYaml(text);
  } catch (error) {
    if (!(error instanceof YamlMistake)) throw error;
    onMistake(error.message, error.line, error.column);
    return null;
  }
}
