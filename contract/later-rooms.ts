import { bin } from './bin.ts';
import { comparison } from './comparison.ts';
import { gates } from './gates.ts';
import { monitoring } from './monitoring.ts';
import { objects } from './objects.ts';
import { registry } from './registry.ts';
import { reproduction } from './reproduction.ts';
import { sql } from './sql.ts';
import { sync } from './sync.ts';
import { team } from './team.ts';
import { traces } from './traces.ts';

/** What an engine answers of rooms that it brings to life when they are first asked. */
export const laterRooms = {
  objects,
  comparison,
  gates,
  reproduction,
  monitoring,
  registry,
  sql,
  sync: { ...sync, ...team },
  bin,
  traces,
};
