import { z } from 'zod';
import { errorShape } from '../../contract/index.ts';

/** What the host asks of the engine's process. With `connect` comes one end of a new channel; the page has the other. */
export const engineRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connect') }),
  z.object({ kind: z.literal('close') }),
]);
export type EngineRequest = z.infer<typeof engineRequest>;

/**
 * What the process tells its host: why there can be no engine, in words for a person; whether the machine is to be kept from
 * sleeping.
 */
export const engineNotice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cannot-start'), error: errorShape }),
  z.object({ kind: z.literal('keep-awake'), isWanted: z.boolean() }),
]);
export type EngineNotice = z.infer<typeof engineNotice>;
