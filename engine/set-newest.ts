/** Sets an entry as the newest of a map that holds so many at most: beyond them the one that was set longest ago goes. */
export function setNewest<Key, Value>(
  entries: Map<Key, Value>,
  atMost: number,
  key: Key,
  value: Value,
): void {
  entries.delete(key);
  entries.set(key, value);
  const [oldest] = entries.keys();
  if (entries.size > atMost && oldest !== undefined) entries.delete(oldest);
}
