import { z } from 'zod';
import { pythonJson } from '../metrics/index.ts';
import { measuredRow } from './json-lines-log.ts';
import type { FileFormat } from './row.ts';

const trainerState = z.object({ log_history: z.array(z.unknown()) });

/**
 * `trainer_state.json` of the Hugging Face Trainer, written anew into every checkpoint with the whole history so far:
 * `log_history` holds what the trainer prints, with `step` and a broken `epoch`.
 */
export const trainerStateFile: FileFormat = {
  isWritten: 'anew',
  read(bytes) {
    const json = pythonJson(bytes.toString('utf8'));
    // Half written: it will be whole at a later look.
    if (json === undefined) return { usedBytes: 0, rows: [], state: null };
    const checked = trainerState.safeParse(json);
    if (!checked.success) return null;
    const rows = checked.data.log_history.flatMap((entry) => measuredRow(entry) ?? []);
    return { usedBytes: bytes.length, rows, state: null };
  },
};
