import { z } from 'zod';
import { procedure } from './rpc/procedure.ts';

export const objects = {
  read: procedure(
    'Bytes of a stored file from `offset`; fewer than `limit` only at its end.',
    z.object({
      objectId: z.string().regex(/^[0-9a-f]{64}$/),
      offset: z.number().int().min(0).default(0),
      limit: z
        .number()
        .int()
        .min(1)
        .max(8 * 1024 * 1024)
        .default(1024 * 1024),
    }),
    z.object({ bytes: z.instanceof(Uint8Array), sizeBytes: z.number() }),
  ),
};
