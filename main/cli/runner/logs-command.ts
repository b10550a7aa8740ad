import { BenchtopError } from '../../../contract/index.ts';
import { withEngine } from '../with-engine.ts';
import { logSoFar, logToEnd } from '../log-bytes.ts';
import { matchingLines } from './matching-lines.ts';
import { runByPrefix } from '../run-by-prefix.ts';
import { writeOut } from '../write-out.ts';

export interface LogsOptions {
  readonly home: string;
  readonly follow?: boolean;
  readonly grep?: string;
  readonly json?: boolean;
}

/**
 * `benchtop logs`: what a run has printed, raw; with `--follow` until it ends. With `--grep` the lines that match, and exit
 * code 1 when there was none, as grep has it; with `--json` a JSON object a line.
 */
export async function logsCommand(prefix: string, options: LogsOptions): Promise<void> {
  const pattern = options.grep === undefined ? null : patternOf(options.grep);
  await withEngine(options.home, async (engine) => {
    const { id: runId } = await runByPrefix(engine.api, prefix);
    const bytes = options.follow ? logToEnd(engine.api, runId) : logSoFar(engine.api, runId);
    if (pattern === null && !options.json) {
      for await (const part of bytes) await writeOut(part);
      return;
    }
    let found = 0;
    for await (const line of matchingLines(bytes, pattern ?? /^/)) {
      found += 1;
      await writeOut(
        `${options.json ? JSON.stringify({ line: line.number, text: line.text }) : line.text}\n`,
      );
    }
    if (pattern !== null && found === 0) process.exitCode = 1;
  });
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text, 'u');
  } catch (cause) {
    throw new BenchtopError(
      {
        code: 'invalid-input',
        what: `The pattern "${text}" was not understood.`,
        evidence: cause instanceof Error ? cause.message : String(cause),
        next: 'It is a regular expression as in JavaScript; put a backslash before . * + ? ( ) [ ] { } | ^ $ to mean the sign itself.',
      },
      { cause },
    );
  }
}
