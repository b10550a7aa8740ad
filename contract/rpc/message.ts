import { z } from 'zod';
import { errorShape } from '../errors.ts';

const id = z.number().int().nonnegative();

/**
 * Everything that crosses a Port. `call` opens an exchange under an id chosen by the caller;
 * it ends with exactly one `ok`, `error` or `end`. `next` carries one event of a stream and the cursor to resume after it.
 * JSON has no undefined, so what is carried may be absent.
 */
export const message = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('call'),
    id,
    path: z.string().max(100),
    input: z.unknown().optional(),
    after: z.string().max(200).optional(),
  }),
  z.object({ kind: z.literal('ok'), id, output: z.unknown().optional() }),
  z.object({ kind: z.literal('error'), id, error: errorShape }),
  z.object({ kind: z.literal('next'), id, cursor: z.string(), event: z.unknown().optional() }),
  z.object({ kind: z.literal('end'), id }),
  z.object({ kind: z.literal('cancel'), id }),
]);
export type Message = z.infer<typeof message>;
