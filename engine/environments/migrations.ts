import type { Migration } from '../store/index.ts';
import { environmentParts } from './environment-parts.ts';

export const migrations: readonly Migration[] = [
  {
    number: 7,
    name: 'environments: what each run ran with',
    sql: `
      -- Runs of one environment share their list of packages.
      CREATE TABLE package_list (
        id TEXT PRIMARY KEY,              -- sha256 of packages
        packages TEXT NOT NULL            -- JSON: [{name, version}], by name
      ) STRICT;

      CREATE TABLE run_environment (
        run_id TEXT PRIMARY KEY REFERENCES run (run_id) ON DELETE CASCADE,
        package_list TEXT REFERENCES package_list (id),
        facts TEXT NOT NULL               -- JSON: the contract's RunEnvironment without packages
      ) STRICT;
    `,
  },
  environmentParts,
];
