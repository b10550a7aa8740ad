/** Queries to begin with, each over what every store has. */
export const exampleQueries = [
  {
    name: 'Best runs by a metric',
    query: `SELECT r.name, r.status, m.last AS loss, m.min AS least
FROM runs r JOIN metrics m USING (run_id)
WHERE m.key = 'loss' AND r.deleted_at IS NULL
ORDER BY m.last LIMIT 50`,
  },
  {
    name: 'What a param does to a metric',
    query: `SELECT p.value AS lr, count(*) AS runs, avg(m.last) AS mean_loss
FROM params p JOIN metrics m USING (run_id)
WHERE p.key = 'lr' AND m.key = 'loss'
GROUP BY p.value ORDER BY mean_loss`,
  },
  {
    name: 'Runs a day, and how they ended',
    query: `SELECT date(started_at / 1000, 'unixepoch') AS day, status, count(*) AS runs
FROM runs GROUP BY day, status ORDER BY day DESC`,
  },
  {
    name: 'Largest files',
    query: `SELECT r.name, a.path, a.size_bytes
FROM artifacts a JOIN runs r USING (run_id) ORDER BY a.size_bytes DESC LIMIT 50`,
  },
] as const;
