import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// `node scripts/python-environment.mjs [name]` makes a virtual environment with the pinned packages that the compatibility
// tests compare with, unless it is there already, and prints the path of its Python. Exit code 3, with the reason, where it
// cannot.

/** What autolog and flavors are tried with; scikit-learn comes with mlflow. `xgboost-cpu` is xgboost less 300 MB for GPUs. */
const libraries = ['xgboost-cpu==3.2.0', 'lightgbm==4.7.0', 'psutil==7.2.2'];

/**
 * The newest mlflow asks for mlflow-skinny and mlflow-tracing of its own version, which some package indexes get later. Its wheel
 * holds all that is in them, so it takes their place over the dependencies of the version before, which asks for the same.
 */
const base = 'mlflow==3.17.2';
const newest = [
  ['uninstall', '--yes', 'mlflow', 'mlflow-skinny', 'mlflow-tracing'],
  ['install', '--no-deps', 'mlflow==3.18.0'],
];

/**
 * A folder each, with what pip does step by step: the newest peers, an older one that must work as well, and for the long
 * tests what the projects of the corpus (engine/runner/corpus/projects) are written with, keras on jax, and torch with Lightning.
 * @type {Record<string, readonly (readonly string[])[]>}
 */
const environments = {
  '.venv': [['install', base, 'opentelemetry-exporter-otlp-proto-http==1.45.2', ...libraries], ...newest],
  '.venv-3.11': [['install', 'mlflow==3.11.1', ...libraries]],
  // A team's server of the release before: what sync does with one that knows no logged models.
  // It asks for any SQLAlchemy below 3, and works with 2.0 only.
  '.venv-mlflow2': [['install', 'mlflow==2.22.4', 'sqlalchemy==2.0.58']],
  // Copies runs from server to server; beside Benchtop's outbox. Its last release is of the days of 2.x, and forgets to ask for tabulate.
  '.venv-export-import': [
    ['install', 'mlflow==2.22.4', 'sqlalchemy==2.0.58', 'mlflow-export-import==1.2.0', 'tabulate==0.10.0'],
  ],
  // A team's server over an object store: moto's server answers as S3 does.
  '.venv-s3': [['install', base, 'moto[server]==5.2.5', 'boto3==1.44.5'], ...newest],
  '.venv-corpus': [
    [
      'install',
      'scikit-learn==1.9.1',
      'optuna==5.0.0',
      'tensorboardX==2.6.5',
      'hydra-core==1.3.8',
      'typer==0.29.2',
      'click==8.5.1',
      'tqdm==4.70.1',
      ...libraries,
    ],
  ],
  // What reads and runs a dvc.yaml beside Benchtop's pipelines.
  '.venv-dvc': [['install', 'dvc==3.67.1']],
  // What reads model cards as Hugging Face does.
  '.venv-hub': [['install', 'huggingface_hub==2.4.0']],
  // What writes and runs ONNX, for the models that gates ask.
  '.venv-onnx': [
    [
      'install',
      'scikit-learn==1.9.1',
      'pandas==3.1.1',
      'skl2onnx==1.20.0',
      'onnx==1.23.2',
      'onnxruntime==1.31.1',
    ],
  ],
  // Beside Benchtop's stored files in the long part of the bench.
  '.venv-oxen': [['install', 'oxenai==0.65.1']],
  // Beside Benchtop's pipelines in the bench alone.
  '.venv-snakemake': [['install', 'snakemake==9.27.1']],
  // Beside Benchtop's drift and estimates in the bench and in long tests. Both import with pandas below 3 only; NannyML needs statsmodels without saying so.
  '.venv-drift': [
    ['install', 'evidently==0.7.23', 'nannyml==0.13.1', 'pandas==2.3.3', 'statsmodels==0.15.0'],
  ],
  '.venv-keras': [['install', base, 'keras==3.15.1', 'jax==0.10.2', 'psutil==7.2.2'], ...newest],
  // A package index or folder of wheels that pip is set up with may have `2.13.0+cpu`, which pip then takes: 200 MB. PyPI's
  // own for Linux brings CUDA along.
  '.venv-torch': [['install', base, 'torch==2.13.0', 'lightning==2.6.6', 'psutil==7.2.2'], ...newest],
};

const pip = ['-m', 'pip', '--quiet', '--disable-pip-version-check'];

/** What an environment may need at most while it is made. */
const neededBytes = { '.venv-torch': 12e9 };

const root = fileURLToPath(new URL('..', import.meta.url));
const name = process.argv[2] ?? '.venv';
const steps =
  environments[name] ?? giveUp(`There is no environment ${name}: ${Object.keys(environments).join(', ')}.`);
const folder = join(root, name);
const stamp = join(folder, 'benchtop-pins');
const lock = join(root, `${name}.lock`);
const wanted = createHash('sha256').update(JSON.stringify(steps)).digest('hex');
const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

/** Ready when the stamp names these very pins: it is written last. */
const isReady = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;

/**
 * @param {string} reason
 * @returns {never}
 */
function giveUp(reason) {
  console.error(reason);
  process.exit(3);
}

function make() {
  const system = ['python3', 'python'].find((name) => runs(name, ['-m', 'venv', '--help']));
  if (system === undefined) return giveUp('There is no python3 with the module venv on this machine.');
  rmSync(folder, { recursive: true, force: true });
  const needed = Object.entries(neededBytes).find(([known]) => known === name)?.[1] ?? 0;
  const { bavail, bsize } = statfsSync(root);
  if (bavail * bsize < needed)
    return giveUp(
      `${name} may need ${needed / 1e9} GB, and ${Math.floor((bavail * bsize) / 1e9)} GB of the disk are free.`,
    );
  try {
    execFileSync(system, ['-m', 'venv', folder], { stdio: 'pipe' });
    for (const [command = '', ...rest] of steps)
      execFileSync(
        python,
        // Half of pip's work is to compile what no test imports; Python compiles what one does.
        [...pip, command, ...(command === 'install' ? ['--no-compile'] : []), ...rest],
        { stdio: 'pipe' },
      );
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    const output =
      error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n').at(-1) : '';
    return giveUp(`pip could not ${steps.map((step) => step.join(' ')).join(', then ')}: ${output}`);
  }
  writeFileSync(stamp, wanted);
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 */
function runs(program, args) {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false; // not there, or without the module: the next one is tried
  }
}

/** Makes the environment while other processes that want it wait. A lock older than ten minutes is a dead one's. */
async function makeAlone() {
  for (;;) {
    if (isReady()) return;
    try {
      mkdirSync(lock);
      break;
    } catch {
      if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 600_000)
        rmSync(lock, { recursive: true, force: true });
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  process.once('exit', () => rmSync(lock, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(3));
  if (!isReady()) make();
}

await makeAlone();
console.log(python);
