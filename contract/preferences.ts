import { z } from 'zod';
import { procedure } from './rpc/procedure.ts';

/** Window state that outlives the window: theme, columns, filters, zoom. The scope is a project's id or `window`. */
export const preferences = {
  read: procedure(
    'All preferences of a scope.',
    z.object({ scope: z.string().max(100) }),
    z.record(z.string(), z.json()),
  ),
  write: procedure(
    'Sets one preference; null removes it.',
    z.object({ scope: z.string().max(100), key: z.string().max(100), value: z.json() }),
    z.object({}),
  ),
};
