export { differingKeys } from './differing-keys.ts';
