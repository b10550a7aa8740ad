import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { openEngine } from '../../../fixture-engine.ts';

/** A project as tutorials of DVC have it: scripts, params, templates, `foreach`, a folder as output, metrics. */
const files: Record<string, string> = {
  'params.yaml': `prepare: {keep: 3, seed: 7}
train: {rate: 0.5, depth: 4}
sizes: [small, large]
`,
  'raw/one.csv': '1,a\n2,b\n3,c\n4,d\n',
  'raw/two.csv': '5,e\n6,f\n',
  'src/prepare.py': `import pathlib, sys
keep = int(sys.argv[1])
rows = [line for path in sorted(pathlib.Path('raw').glob('*.csv')) for line in path.read_text().splitlines()]
out = pathlib.Path('data/prepared')
out.mkdir(parents=True, exist_ok=True)
(out / 'head.csv').write_text('\\n'.join(rows[:keep]))
(out / 'tail.csv').write_text('\\n'.join(rows[keep:]))
open('ran.log', 'a').write('prepare\\n')
`,
  'src/train.py': `import json, pathlib, sys
name, rate, depth = sys.argv[1:]
rows = pathlib.Path('data/features.txt').read_text().split()
pathlib.Path('models').mkdir(exist_ok=True)
model = {'name': name, 'rate': float(rate), 'sum': sum(map(int, rows)), 'depth': int(depth)}
pathlib.Path(f'models/{name}.json').write_text(json.dumps(model))
open('ran.log', 'a').write(f'train@{name}\\n')
`,
  'dvc.yaml': `vars:
  - report: {title: Scores}
stages:
  prepare:
    cmd: python src/prepare.py \${prepare.keep}
    deps: [raw, src/prepare.py]
    params: [prepare]
    outs: [data/prepared]
  featurize:
    cmd:
      - cut -d, -f1 data/prepared/head.csv > data/features.txt
      - echo featurize >> ran.log
    deps: [data/prepared/head.csv]
    outs: [data/features.txt]
  train:
    foreach: \${sizes}
    do:
      cmd: python src/train.py \${item} \${train.rate} \${train.depth}
      deps: [data/features.txt, src/train.py]
      params: [train.rate, train.depth]
      outs:
        - models/\${item}.json
  evaluate:
    cmd: >-
      echo evaluate >> ran.log &&
      cat models/*.json > scores.json && echo "\${report.title}" > title.txt && echo noted > ../notes.txt
    deps: [models]
    metrics:
      - scores.json: {cache: false}
    outs:
      - title.txt
      - ../notes.txt: {cache: false}
`,
};

export type Edit = (
  write: (path: string, change: string | ((before: string) => string) | null) => void,
) => void;

/** What a person does to such a project from one repro to the next, and the words for it. */
export const edits: readonly (readonly [what: string, edit: Edit])[] = [
  ['nothing', () => undefined],
  ['a param', (write) => write('params.yaml', (text) => text.replace('rate: 0.5', 'rate: 0.25'))],
  ['the param as it was', (write) => write('params.yaml', (text) => text.replace('rate: 0.25', 'rate: 0.5'))],
  ['a script', (write) => write('src/train.py', (text) => `${text}# the same, said otherwise\n`)],
  ['a file of a folder, to the same features', (write) => write('raw/two.csv', '5,e\n6,g\n')],
  ['a file of a folder', (write) => write('raw/one.csv', '9,a\n2,b\n3,c\n4,d\n')],
  ['a command', (write) => write('dvc.yaml', (text) => text.replace('cut -d, -f1', 'cut -f1 -d,'))],
  ['an output deleted', (write) => write('data/features.txt', null)],
  ['an output written over', (write) => write('title.txt', 'mine')],
  ['a folder of outputs deleted', (write) => write('models', null)],
  [
    'a stage added',
    (write) =>
      write(
        'dvc.yaml',
        (text) => `${text}  count:
    cmd: echo count >> ran.log; wc -l < data/prepared/tail.csv > count.txt
    deps: [data/prepared/tail.csv]
    outs: [count.txt]
`,
      ),
  ],
  [
    'an item added',
    (write) => write('params.yaml', (text) => text.replace('[small, large]', '[small, large, huge]')),
  ],
  ['a stage removed', (write) => write('dvc.yaml', (text) => text.slice(0, text.indexOf('  count:')))],
];

interface Side {
  /** Brings the project up to date; resolves to the stages that ran, in the order of the alphabet, and all files that are there. */
  repro(): Promise<{ ran: string[]; files: Record<string, string> }>;
  edit(edit: Edit): void;
  close(): Promise<void>;
}

function projectAt(folder: string): Pick<Side, 'edit'> & { seen: () => Awaited<ReturnType<Side['repro']>> } {
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const [path, text] of Object.entries(files)) put(path, text);
  return {
    edit: (edit) =>
      edit((path, change) => {
        if (change === null) rmSync(join(folder, path), { recursive: true });
        else
          put(path, typeof change === 'string' ? change : change(readFileSync(join(folder, path), 'utf8')));
      }),
    seen() {
      const log = join(folder, 'ran.log');
      const ran = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').toSorted() : [];
      rmSync(log, { force: true });
      const contents: Record<string, string> = {};
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
        const isOwn = /^(\.dvc|\.git|dvc\.lock|raw|src)/.test(name) || name.includes('.gitignore');
        if (!isOwn && statSync(join(folder, name)).isFile())
          contents[name] = readFileSync(join(folder, name), 'latin1');
      }
      return { ran, files: contents };
    },
  };
}

/** @param python of the environment that DVC is installed in. */
export async function dvcSide(folder: string, python: string): Promise<Side> {
  const { edit, seen } = projectAt(folder);
  const bin = dirname(python);
  const env = {
    ...process.env,
    PATH: [bin, process.env['PATH'] ?? ''].join(delimiter),
    DVC_NO_ANALYTICS: '1',
    DVC_SITE_CACHE_DIR: join(folder, '..', 'site'),
  };
  const dvc = (...args: string[]) =>
    new Promise<void>((resolve, reject) => {
      execFile(join(bin, 'dvc'), args, { cwd: folder, env }, (error, stdout, stderr) =>
        error === null ? resolve() : reject(new Error(`${stdout}${stderr}`, { cause: error })),
      );
    });
  await dvc('init', '--no-scm', '-q');
  return {
    edit,
    async repro() {
      await dvc('repro');
      return seen();
    },
    close: async () => undefined,
  };
}

/** @param python found first by the commands, so that both sides run the same one. */
export async function benchtopSide(folder: string, python: string): Promise<Side> {
  const { edit, seen } = projectAt(folder);
  const { api, close } = await openEngine(`${folder}-home`);
  const { id: projectId } = await api.projects.open({ path: folder });
  const env = { PATH: [dirname(python), process.env['PATH'] ?? ''].join(delimiter) };
  return {
    edit,
    async repro() {
      const { id } = await api.pipelines.run({ projectId, env });
      for await (const { execution } of api.pipelines.follow({ executionId: id }))
        if (execution.status !== 'running') break;
      const { status, stages } = await api.pipelines.execution({ executionId: id });
      if (status !== 'finished') throw new Error(JSON.stringify(stages, null, 1));
      return seen();
    },
    close,
  };
}
