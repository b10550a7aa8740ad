import { z } from 'zod';

// The keys as they are written, before templates are filled. Source of DVC's: its public reference of dvc.yaml
// (dvc.org/doc/user-guide/project-structure/dvcyaml-files), held against the real DVC by tests.

const text = z.string({ error: 'must be a text' });
const yesNo = z.boolean({ error: 'must be true or false' });
const texts = (what: string) => z.array(text, { error: `must be a list of ${what}` });
const anything = z.unknown();
const map = z.record(z.string(), anything);

const annotations = {
  desc: text.optional(),
  type: text.optional(),
  labels: texts('texts').optional(),
  meta: anything.optional(),
};
const outputFlags = {
  ...annotations,
  cache: yesNo
    .optional()
    .describe('Keep its content after a successful run, so that it can be brought back. Default true.'),
  persist: yesNo.optional().describe('Do not remove it before the stage runs. Default false.'),
  push: yesNo.optional(),
  remote: text.optional(),
  checkpoint: yesNo.optional(),
};
const plotFlags = {
  template: text.optional(),
  x: text.optional(),
  y: text.optional(),
  x_label: text.optional(),
  y_label: text.optional(),
  title: text.optional(),
  header: yesNo.optional(),
};
const oneOf = <Options extends readonly [z.ZodType, ...z.ZodType[]]>(options: Options, error: string) =>
  z.union(options, { error });
const outputList = (flags: z.ZodRawShape) =>
  z.array(
    oneOf(
      [z.string(), z.record(z.string(), z.strictObject(flags, { error: 'must be a map of options' }))],
      'must be a path, or a path with options',
    ),
    { error: 'must be a list of paths' },
  );

const vars = z
  .array(oneOf([z.string(), map], 'must be a file, or a map of values'), {
    error: 'must be a list of files and maps of values',
  })
  .describe(
    'Values for ${…}: files (`file.yaml`, `file.yaml:key,key`) and maps. params.yaml is always there.',
  );

const dvcKeys = {
  cmd: oneOf([z.string(), texts('commands')], 'must be a command, or a list of commands').describe(
    'What the shell runs; a list runs in order and stops at the first that fails.',
  ),
  wdir: text
    .optional()
    .describe('The folder it runs in, relative to this file; its paths are relative to it.'),
  deps: texts('paths')
    .optional()
    .describe('Files and folders it reads; it comes after the stages that write them.'),
  params: z
    .array(
      oneOf(
        [
          z.string(),
          z.record(z.string(), z.union([texts('names'), z.null()], { error: 'must be a list of names' })),
        ],
        'must be a name, or a file with names',
      ),
      { error: 'must be a list of names' },
    )
    .optional()
    .describe(
      'Values it reads: names in params.yaml, or `{file: [names]}` (YAML, JSON, TOML or Python); no names for all of them.',
    ),
  outs: outputList(outputFlags).optional().describe('Files and folders it writes.'),
  metrics: outputList(outputFlags).optional().describe('Files of numbers it writes.'),
  plots: outputList({ ...outputFlags, ...plotFlags })
    .optional()
    .describe('Files for charts that it writes.'),
  frozen: yesNo.optional().describe('Never runs by itself, whatever changed.'),
  always_changed: yesNo.optional().describe('Runs each time.'),
  vars: vars.optional().describe('Values for ${…} in this stage alone.'),
  desc: text.optional().describe('A sentence for people.'),
  meta: anything.optional().describe('Anything; it is passed over.'),
  matrix: z
    .record(z.string(), oneOf([z.string(), z.array(anything)], 'must be a list, or a ${…} that names one'), {
      error: 'must be a map of lists',
    })
    .optional()
    .describe('One stage for each combination: `${item.name}`, and `${key}` for the part of its name.'),
};

const amount = (what: string) => oneOf([z.number(), z.string()], `must be ${what}`);
const benchtopKeys = {
  resources: z
    .strictObject(
      {
        cpu: amount('a number of cores').optional().describe('Cores.'),
        memory: amount('a size, such as 4 GB')
          .optional()
          .describe('Memory, such as `4 GB` or `512 MiB`; a plain number is bytes.'),
        gpu: amount('a number of GPUs').optional().describe('GPUs.'),
      },
      { error: 'must be a map of cpu, memory and gpu' },
    )
    .optional()
    .describe('What it needs of the machine; it waits until that is free.'),
  retry: oneOf(
    [
      z.number(),
      z.string(),
      z.strictObject({
        times: amount('a number').describe('How often it is tried again.'),
        delay: amount('a time, such as 30 s')
          .optional()
          .describe('Before the first time, such as `30 s`; twice as long each further time. Default 10 s.'),
      }),
    ],
    'must be a number, or {times, delay}',
  )
    .optional()
    .describe('How often it is tried again after a failure.'),
  timeout: amount('a time, such as 30 min')
    .optional()
    .describe('It is ended after this time, such as `30 min`; a plain number is seconds.'),
  env: z
    .record(z.string(), oneOf([z.string(), z.number(), z.boolean()], 'must be a text or a number'), {
      error: 'must be a map of names and values',
    })
    .optional()
    .describe('Environment variables of its commands; a change makes it stale.'),
  mutex: oneOf([z.string(), texts('names')], 'must be a name, or a list of names')
    .optional()
    .describe('Stages that name the same mutex never run at the same time.'),
};

const foreach = oneOf(
  [z.string(), z.array(anything), map],
  'must be a list, a map, or a ${…} that names one',
).describe('One stage for each item of a list or map: `${item}`, and of a map `${key}`.');
const topKeys = {
  vars: vars.optional(),
  params: texts('files').optional().describe('Files of params for comparisons; accepted as DVC has it.'),
  metrics: texts('files').optional().describe('Files of metrics; accepted as DVC has it.'),
  plots: z
    .array(oneOf([z.string(), map], 'must be a file, or a plot'))
    .optional()
    .describe('Plots; accepted as DVC has it.'),
  artifacts: z.record(z.string(), anything).optional().describe('Artifacts; accepted as DVC has it.'),
  datasets: anything.optional().describe('Data sets; accepted as DVC has it.'),
};

function definition<Keys extends z.ZodRawShape>(keys: Keys) {
  const stage = z.strictObject(keys, { error: 'must be a map of keys' });
  const many = z.strictObject(
    { foreach, do: stage.describe('The stage, with `${item}` in it.') },
    { error: 'must be a map of keys' },
  );
  return {
    stage,
    foreach: many,
    file: z.strictObject({
      ...topKeys,
      stages: z.record(z.string(), z.union([stage, many])).describe('The pipeline stages by name.'),
    }),
    top: z.strictObject({ ...topKeys, stages: map.nullish() }, { error: 'must be a map of keys' }),
    /** For "did you mean". */
    topKeys: [...Object.keys(topKeys), 'stages'],
    stageKeys: [
      ...Object.keys(keys),
      'foreach',
      'do',
      ...Object.keys(outputFlags),
      ...Object.keys(plotFlags),
      ...('resources' in keys ? ['cpu', 'memory', 'gpu', 'times', 'delay'] : []),
    ],
  };
}

/** What may stand in `dvc.yaml`, and in `benchtop.yaml`, which has everything of it and more. */
export const dvcSchema = definition(dvcKeys);
export const benchtopSchema = definition({ ...dvcKeys, ...benchtopKeys });
export const benchtopOnlyKeys: readonly string[] = Object.keys(benchtopKeys);
