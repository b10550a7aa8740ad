import { migrations as data } from './data/index.ts';
import { migrations as environments } from './environments/index.ts';
import { migrations as gates } from './gates/index.ts';
import { migrations as monitoring } from './monitoring/index.ts';
import { migrations as objects } from './objects/index.ts';
import { migrations as pipelines } from './pipelines/index.ts';
import { migrations as projects } from './projects/index.ts';
import { migrations as registry } from './registry/index.ts';
import type { Migration } from './store/index.ts';
import { migrations as reproduction } from './reproduction/index.ts';
import { migrations as source } from './source/index.ts';
import { migrations as sync } from './sync/index.ts';
import { migrations as traces } from './traces/index.ts';
import { migrations as tracking } from './tracking/index.ts';

/** Every room's tables. The numbers run through all rooms; a released step is never edited. */
export const migrations: readonly Migration[] = [
  ...tracking,
  ...objects,
  ...projects,
  ...pipelines,
  ...registry,
  ...environments,
  ...traces,
  ...data,
  ...source,
  ...reproduction,
  ...sync,
  ...gates,
  ...monitoring,
];
