export { createTriggers, type Triggers } from './create-triggers.ts';
