export { createBin } from './create-bin.ts';
