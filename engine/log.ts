import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * The engine's own log: one JSON object a line, in `<home>/engine.log`. What is logged has not been logged elsewhere. Logging never
 * throws: where the file cannot be written, on a full disk for instance, the line goes to stderr.
 */
export interface Log {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  error(message: string, error: unknown, facts?: Readonly<Record<string, unknown>>): void;
}

/** At this size, in bytes, the log becomes `engine.log.1` and a new one begins. */
const maxLogBytes = 5 * 1024 * 1024;

export function createLog(path: string): Log {
  mkdirSync(dirname(path), { recursive: true });
  function append(entry: Record<string, unknown>): void {
    const line = `${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`;
    try {
      if (existsSync(path) && statSync(path).size > maxLogBytes) renameSync(path, `${path}.1`);
      appendFileSync(path, line);
    } catch (error) {
      process.stderr.write(`benchtop: ${path} cannot be written (${String(error)}): ${line}`);
    }
  }
  return {
    info: (message, facts) => append({ level: 'info', message, ...facts }),
    error: (message, error, facts) => append({ level: 'error', message, ...facts, error: described(error) }),
  };
}

function described(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return {
    message: error.message,
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: described(error.cause) }),
  };
}
