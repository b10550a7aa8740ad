import type { Migration } from '../store/index.ts';

export const migrations: readonly Migration[] = [
  {
    number: 25,
    name: 'sync: targets, the outbox, what is known of the other side',
    sql: `
      -- Who this home is, for what leaves it. One row.
      CREATE TABLE sync_device (id TEXT NOT NULL) STRICT;
      INSERT INTO sync_device VALUES (lower(hex(randomblob(8))));

      -- Secrets are not here: they are in the keeper's file, by the target's number.
      CREATE TABLE sync_target (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        address TEXT NOT NULL,
        auth TEXT NOT NULL,
        user TEXT,
        ca_path TEXT,
        max_bytes_per_second INTEGER,
        is_paused INTEGER NOT NULL DEFAULT 0,
        trouble TEXT,                     -- JSON: the contract's error
        failures INTEGER NOT NULL DEFAULT 0,
        attempt_at INTEGER,               -- ms UTC; NULL: when somebody asks, or at once where there is no trouble
        created_at INTEGER NOT NULL
      ) STRICT;

      -- What things are called at a target.
      CREATE TABLE sync_mapping (
        target INTEGER NOT NULL REFERENCES sync_target (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,               -- 'experiment', 'run', 'model', 'version', 'alias'
        local_id TEXT NOT NULL,
        remote_id TEXT NOT NULL,
        PRIMARY KEY (target, kind, local_id)
      ) WITHOUT ROWID, STRICT;

      -- One run or one model version on its way to one target.
      CREATE TABLE sync_delivery (
        id INTEGER PRIMARY KEY,
        target INTEGER NOT NULL REFERENCES sync_target (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,               -- 'run', 'version'
        local_id TEXT NOT NULL,
        name TEXT NOT NULL,
        needs INTEGER REFERENCES sync_delivery (id),  -- goes first
        copy INTEGER NOT NULL DEFAULT 0,  -- sent anew beside what was there so often
        keeps_theirs INTEGER NOT NULL DEFAULT 0,
        state TEXT NOT NULL,
        failures INTEGER NOT NULL DEFAULT 0,
        attempt_at INTEGER,               -- ms UTC; NULL: at once
        error TEXT,                       -- JSON, as are the next two
        conflict TEXT,
        receipt TEXT,
        done INTEGER NOT NULL DEFAULT 0,  -- operations
        total INTEGER NOT NULL DEFAULT 0,
        done_bytes INTEGER NOT NULL DEFAULT 0,
        total_bytes INTEGER NOT NULL DEFAULT 0,
        sent_bytes INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        UNIQUE (target, kind, local_id)
      ) STRICT;
      CREATE INDEX sync_delivery_by_state ON sync_delivery (state, target, id);

      CREATE TABLE sync_operation (
        id INTEGER PRIMARY KEY,
        delivery INTEGER NOT NULL REFERENCES sync_delivery (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        detail TEXT NOT NULL,             -- JSON: what the kind needs to know
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        error TEXT,
        proof TEXT,                       -- JSON: what was found at the target
        total_bytes INTEGER NOT NULL,
        UNIQUE (delivery, kind, subject)
      ) STRICT;
      CREATE INDEX sync_operation_by_delivery ON sync_operation (delivery, id);

      -- How far a series is: the point up to which the target said yes, in the order (time, step, value).
      CREATE TABLE sync_series (
        delivery INTEGER NOT NULL REFERENCES sync_delivery (id) ON DELETE CASCADE,
        key TEXT NOT NULL,
        points INTEGER NOT NULL,
        time INTEGER NOT NULL,
        step INTEGER NOT NULL,
        value ANY NOT NULL,               -- NaN as the text 'NaN'
        PRIMARY KEY (delivery, key)
      ) WITHOUT ROWID;
    `,
  },
  {
    number: 29,
    name: 'sync: the registries of targets as they were last read, and what was fetched from them',
    sql: `
      ALTER TABLE sync_target ADD COLUMN team_read_at INTEGER;  -- ms UTC; NULL: never

      CREATE TABLE sync_team_version (
        target INTEGER NOT NULL REFERENCES sync_target (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        version TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        facts TEXT NOT NULL,              -- JSON: the contract's TeamVersion, but for its target
        PRIMARY KEY (target, name, version)
      ) WITHOUT ROWID, STRICT;

      -- A version that was fetched. Its files lie below the proxy of artifacts, at 'pulled/<id>'. It stays when its target goes.
      CREATE TABLE sync_pull (
        id INTEGER PRIMARY KEY,
        target TEXT NOT NULL,             -- its name then
        name TEXT NOT NULL,
        version TEXT NOT NULL,
        alias TEXT,
        state TEXT NOT NULL,
        file_count INTEGER NOT NULL DEFAULT 0,
        done_bytes INTEGER NOT NULL DEFAULT 0,
        total_bytes INTEGER NOT NULL DEFAULT 0,
        verified_by TEXT,
        error TEXT,                       -- JSON, as is the next
        origin TEXT NOT NULL,
        destination TEXT,
        registered_as TEXT,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        UNIQUE (target, name, version)
      ) STRICT;
    `,
  },
  {
    number: 31,
    name: 'sync: what was removed, what goes on, rules, metered networks',
    sql: `
      -- ms UTC; NULL while it is there. A removed target comes back with all of it until the engine ends. A fetch stays as a row, so
      -- that its number, by which its files lie, is never given to another.
      ALTER TABLE sync_target ADD COLUMN removed_at INTEGER;
      ALTER TABLE sync_pull ADD COLUMN removed_at INTEGER;
      ALTER TABLE sync_pull ADD COLUMN register_as TEXT;  -- the name that it is to have here

      ALTER TABLE sync_target ADD COLUMN pauses_on_metered INTEGER NOT NULL DEFAULT 1;
      UPDATE sync_target SET pauses_on_metered = 0 WHERE kind = 'folder';

      -- What goes to a target by itself, since a person has allowed it.
      CREATE TABLE sync_rule (
        id INTEGER PRIMARY KEY,
        target INTEGER NOT NULL REFERENCES sync_target (id) ON DELETE CASCADE,
        what TEXT NOT NULL,               -- 'starred', 'champion', 'tag'
        tag TEXT NOT NULL,                -- 'key' or 'key=value' with 'tag', else ''
        allowed_at INTEGER NOT NULL,
        UNIQUE (target, what, tag)
      ) STRICT;
      -- What it spoke of when it was last looked at: that went into the outbox, or there is a problem.
      CREATE TABLE sync_rule_match (
        rule INTEGER NOT NULL REFERENCES sync_rule (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,               -- 'run', 'version'
        local_id TEXT NOT NULL,
        problem TEXT,                     -- JSON: the contract's error
        PRIMARY KEY (rule, kind, local_id)
      ) WITHOUT ROWID, STRICT;
      -- The rule that put it into the outbox; NULL where a person did.
      ALTER TABLE sync_delivery ADD COLUMN rule INTEGER REFERENCES sync_rule (id) ON DELETE SET NULL;
      CREATE INDEX sync_delivery_by_rule ON sync_delivery (rule) WHERE rule IS NOT NULL;
    `,
  },
  {
    number: 33,
    name: 'sync: files that go in parts, straight to where the server keeps them',
    sql: `
      CREATE TABLE sync_upload (
        id INTEGER PRIMARY KEY,
        target INTEGER NOT NULL REFERENCES sync_target (id) ON DELETE CASCADE,
        -- NULL: nobody sends it any more, and it is to be ended there.
        operation INTEGER UNIQUE REFERENCES sync_operation (id) ON DELETE SET NULL,
        path TEXT NOT NULL,               -- below the server's proxy of artifacts
        upload_id TEXT NOT NULL,          -- the store's; '' where it has none
        object_id TEXT NOT NULL,
        part_bytes INTEGER NOT NULL,
        completions INTEGER NOT NULL DEFAULT 0  -- how often the server was asked to put the parts together
      ) STRICT;
      CREATE TABLE sync_upload_part (
        upload INTEGER NOT NULL REFERENCES sync_upload (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,          -- from 1
        url TEXT NOT NULL,                -- signed: whoever has it may write this part, for about an hour
        headers TEXT NOT NULL,            -- JSON
        etag TEXT,                        -- as the store gave it; NULL: it is not there
        PRIMARY KEY (upload, number)
      ) WITHOUT ROWID, STRICT;
    `,
  },
];
