import type { RoomHandlers } from '../../contract/index.ts';
import type { Store } from '../store/index.ts';

/** What a window remembers, by scope. */
export function createPreferences(store: Store): RoomHandlers<'preferences'> {
  return {
    read({ scope }) {
      const rows = store.now((db) =>
        db.prepare('SELECT key, value FROM preference WHERE scope = ?').all(scope),
      ) as { key: string; value: string }[];
      return Object.fromEntries(rows.map(({ key, value }) => [key, JSON.parse(value)]));
    },
    async write({ scope, key, value }) {
      await store.write('preferences.write', (db) =>
        value === null
          ? db.prepare('DELETE FROM preference WHERE scope = ? AND key = ?').run(scope, key)
          : db
              .prepare(
                'INSERT INTO preference (scope, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
              )
              .run(scope, key, JSON.stringify(value)),
      );
      return {};
    },
  };
}
