export { createReproduction, type ReproductionRooms } from './create-reproduction.ts';
export { migrations } from './migrations.ts';
