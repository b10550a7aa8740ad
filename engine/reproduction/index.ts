export { createReproduction, type ReproductionRoom } from './create-reproduction.ts';
export { migrations } from './migrations.ts';
