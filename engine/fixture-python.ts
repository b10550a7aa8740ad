import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const projectRoot = join(import.meta.dirname, '..');

type EnvironmentName =
  | '.venv'
  | '.venv-3.11'
  | '.venv-corpus'
  | '.venv-drift'
  | '.venv-dvc'
  | '.venv-export-import'
  | '.venv-hub'
  | '.venv-keras'
  | '.venv-mlflow2'
  | '.venv-onnx'
  | '.venv-s3'
  | '.venv-snakemake'
  | '.venv-torch';

/**
 * For tests and measurements: the Python of an environment of scripts/python-environment.mjs, made on first use (minutes); or why
 * there is none on this machine. BENCHTOP_PYTHON names one that has what is in `.venv` already.
 */
export function pythonEnvironment(name: EnvironmentName = '.venv'): { python: string } | { reason: string } {
  const named = process.env['BENCHTOP_PYTHON'] ?? '';
  if (named !== '' && name === '.venv') return { python: named };
  try {
    const output = execFileSync(process.execPath, ['scripts/python-environment.mjs', name], {
      cwd: projectRoot,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { python: output.trim() };
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    return { reason: stderr.trim() };
  }
}

/** What keeps mlflow quiet, quick and off the network. */
export const quietMlflow = {
  MLFLOW_DISABLE_TELEMETRY: 'true',
  DO_NOT_TRACK: 'true',
  MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
  MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR: 'false',
  MLFLOW_HTTP_REQUEST_MAX_RETRIES: '2',
  GIT_PYTHON_REFRESH: 'quiet',
  PYTHONWARNINGS: 'ignore',
};
