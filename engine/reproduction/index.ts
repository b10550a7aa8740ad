export { createReproduction, type ReproductionRoom } from './create-reproduction.ts';
export { migrations } from './migrations.ts';
export { prepareGround, type Ground } from './prepare-ground.ts';
