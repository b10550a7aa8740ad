import { z } from 'zod';
import { errorShape } from '../../contract/index.ts';

/**
 * What the host asks of the engine's process. With `connect` comes one end of a new channel, whose other end the page has; with
 * `tables` one whose other end a new process has that reads tables. `keychain` answers a question; null where it could not be done.
 */
export const engineRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connect') }),
  z.object({ kind: z.literal('tables') }),
  z.object({ kind: z.literal('keychain'), id: z.number(), text: z.string().nullable() }),
  z.object({ kind: z.literal('close') }),
]);
export type EngineRequest = z.infer<typeof engineRequest>;

/**
 * What the process tells its host: why there can be no engine, in words for a person; whether the machine is to be kept from
 * sleeping; that it wants a process that reads tables; a text to seal with the system's keychain, or to open.
 */
export const engineNotice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cannot-start'), error: errorShape }),
  z.object({ kind: z.literal('keep-awake'), isWanted: z.boolean() }),
  z.object({ kind: z.literal('start-tables') }),
  z.object({ kind: z.literal('keychain'), id: z.number(), ask: z.enum(['seal', 'open']), text: z.string() }),
]);
export type EngineNotice = z.infer<typeof engineNotice>;
