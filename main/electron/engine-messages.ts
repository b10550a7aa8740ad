import { z } from 'zod';
import { errorShape } from '../../contract/index.ts';

/**
 * What the host asks of the engine's process. With `connect` comes one end of a new channel, whose other end the page has; with
 * `tables` one whose other end a new process has that reads tables.
 */
export const engineRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connect') }),
  z.object({ kind: z.literal('tables') }),
  z.object({ kind: z.literal('close') }),
]);
export type EngineRequest = z.infer<typeof engineRequest>;

/**
 * What the process tells its host: why there can be no engine, in words for a person; whether the machine is to be kept from
 * sleeping; that it wants a process that reads tables.
 */
export const engineNotice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cannot-start'), error: errorShape }),
  z.object({ kind: z.literal('keep-awake'), isWanted: z.boolean() }),
  z.object({ kind: z.literal('start-tables') }),
]);
export type EngineNotice = z.infer<typeof engineNotice>;
