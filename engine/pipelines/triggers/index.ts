export { createTriggers, type Triggers } from './create-triggers.ts';
export { createLookOut, TooManyFiles, type LookOut, type Surroundings } from './look-out.ts';
export type { TriggerMemory } from './trigger-rows.ts';
