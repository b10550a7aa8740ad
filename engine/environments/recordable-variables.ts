/** Variables that change how a program computes, and say nothing about the person. */
const names = new Set([
  'CONDA_DEFAULT_ENV',
  'CONDA_PREFIX',
  'HF_DATASETS_OFFLINE',
  'HF_HOME',
  'HF_HUB_OFFLINE',
  'JAX_PLATFORMS',
  'KERAS_BACKEND',
  'LANG',
  'LANGUAGE',
  'LD_LIBRARY_PATH',
  'LD_PRELOAD',
  'LOCAL_RANK',
  'MALLOC_ARENA_MAX',
  'MASTER_ADDR',
  'MASTER_PORT',
  'PATH',
  'PYTHONDONTWRITEBYTECODE',
  'PYTHONHASHSEED',
  'PYTHONHOME',
  'PYTHONOPTIMIZE',
  'PYTHONPATH',
  'PYTHONUNBUFFERED',
  'PYTHONUTF8',
  'PYTHONWARNINGS',
  'RANK',
  'R_HOME',
  'TOKENIZERS_PARALLELISM',
  'TRANSFORMERS_OFFLINE',
  'TZ',
  'VIRTUAL_ENV',
  'WANDB_MODE',
  'WORLD_SIZE',
]);
const prefixes =
  /^(CUBLAS|CUDA|CUDNN|GOMP|JAX|JULIA|KMP|LC|MKL|NCCL|NUMBA|NUMEXPR|NVIDIA|OMP|OPENBLAS|PYTORCH|ROCR|HIP|SLURM|TF_(?:CPP|CUDNN|DETERMINISTIC|ENABLE|FORCE|GPU|NUM|USE|XLA)|TORCH|VECLIB|XLA)_/;
const secretName =
  /TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE|(^|_)(KEY|AUTH|JWT)($|_)/;
/** Credentials in an address; the beginnings that well-known keys have; a JSON web token. */
const secretValue =
  /:\/\/[^/\s:@]*:[^/\s@]+@|\b(sk-|gh[pousr]_|github_pat_|glpat-|hf_|xox[abprs]-|AKIA|AIza)[\w-]{8,}|\beyJ[\w-]+\.[\w-]+\./;
const maxCharacters = 4000;

export const redacted = '[redacted]';

type Variables = Readonly<Record<string, string | undefined>>;

const told = new WeakMap<Variables, Record<string, string>>();

/**
 * The environment variables of a run that may be recorded and shared, by name. Secret-looking values are left out. Of one environment,
 * which runs may share, it is told once.
 */
export function recordableVariables(environment: Variables): Record<string, string> {
  const recordable = told.get(environment) ?? recordableOf(environment);
  told.set(environment, recordable);
  return recordable;
}

function recordableOf(environment: Variables): Record<string, string> {
  const recorded = Object.entries(environment)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .filter(([name]) => names.has(name) || prefixes.test(name) || name.startsWith('R_LIBS'))
    .map(([name, value]): [string, string] => [
      name,
      secretName.test(name) || secretValue.test(value) ? redacted : value.slice(0, maxCharacters),
    ]);
  return Object.fromEntries(recorded.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
