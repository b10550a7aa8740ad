import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { quietMlflow } from '../../../engine/fixture-python.ts';

/** Runs Python in a folder with a tracking server; resolves to its exit code and what it printed. */
export function runPython(
  python: string,
  args: readonly string[],
  { folder, trackingUri, env = {} }: { folder: string; trackingUri: string; env?: Record<string, string> },
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(python, args, {
      cwd: folder,
      env: { ...process.env, ...quietMlflow, MLFLOW_TRACKING_URI: trackingUri, ...env },
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('close', (code) => resolve({ code, output }));
  });
}

/** The programs with the real client, with the parts that each prints when it is through. */
export const clientPrograms = {
  'client-program': [
    'logging',
    'asynchronous_logging',
    'searching',
    'artifacts',
    'inputs',
    'models',
    'prompts',
  ],
  'client-habits': [
    'figures_and_notes',
    'deletion',
    'registry',
    'logged_models',
    'asynchronous_batches',
    'system_metrics',
    'eight_processes',
    'paging',
  ],
  'client-libraries': ['sklearn_autolog', 'xgboost_autolog', 'lightgbm_autolog'],
} as const;

export const programPath = (name: string): string => join(import.meta.dirname, `${name}.py`);

/** The parts that a program was through with. */
export const partsIn = (output: string): string[] =>
  output.split('\n').flatMap((line) => /^ok (\w+)$/.exec(line)?.[1] ?? []);
