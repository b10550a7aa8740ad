import { migrations as environments } from './environments/index.ts';
import { migrations as objects } from './objects/index.ts';
import { migrations as pipelines } from './pipelines/index.ts';
import { migrations as projects } from './projects/index.ts';
import { migrations as registry } from './registry/index.ts';
import type { Migration } from './store/index.ts';
import { migrations as tracking } from './tracking/index.ts';

/** Every room's tables. The numbers run through all rooms; a released step is never edited. */
export const migrations: readonly Migration[] = [
  ...tracking,
  ...objects,
  ...projects,
  ...pipelines,
  ...registry,
  ...environments,
  // Taken by steps that are not merged yet; these two lines go when they are.
  { number: 8, name: 'reserved', sql: '' },
  { number: 9, name: 'reserved', sql: '' },
];
