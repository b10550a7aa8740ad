import type { QueryClient } from '@tanstack/react-query';
import type { EngineApi, Run, RunPage } from '../../contract/index.ts';
import { useEngineLink } from './engine.ts';
import { reportDefect } from './report-defect.ts';

/** Changes of the same moment are taken together, so that a busy engine costs the window few questions. */
const gatherMs = 150;
/** Most runs that change change their metrics: whether one has new traces is asked less often. */
const tracesMs = 1500;
/** Above this many changed runs at once it is cheaper to read the loaded pages anew. */
const readOneByOneUpTo = 20;
/** A run that goes on outside of what is shown may still change the count or come into view: looked for this often. */
const lookOutsideEveryMs = 3000;

/** Keeps what the window has read in step with the engine, for as long as the page lives. */
export function followChanges(api: EngineApi, client: QueryClient): void {
  const changed = new Set<string>();
  const outsideSince = new Map<string, number>();
  const later = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tracesTimer: ReturnType<typeof setTimeout> | undefined;
  let laterTimer: ReturnType<typeof setTimeout> | undefined;

  const gather = (runIds: Iterable<string>) => {
    for (const id of runIds) changed.add(id);
    timer ??= setTimeout(
      () => void apply().catch((error: unknown) => reportDefect('Changes were not taken over', error)),
      gatherMs,
    );
  };
  const gatherLater = (runIds: readonly string[]) => {
    for (const id of runIds) later.add(id);
    if (later.size === 0) return;
    laterTimer ??= setTimeout(() => {
      laterTimer = undefined;
      gather(later);
      later.clear();
    }, lookOutsideEveryMs);
  };

  const isLookedFor = (id: string, now: number) => now - (outsideSince.get(id) ?? 0) < lookOutsideEveryMs;

  async function apply(): Promise<void> {
    timer = undefined;
    const ids = [...changed];
    changed.clear();
    void client.invalidateQueries({ queryKey: ['jobs'] });
    void client.invalidateQueries({ queryKey: ['latest-runs'] });
    void client.invalidateQueries({ queryKey: ['executions'] });
    void client.invalidateQueries({ queryKey: ['artifacts'] });
    tracesTimer ??= setTimeout(() => {
      tracesTimer = undefined;
      void client.invalidateQueries({ queryKey: ['traces'] });
    }, tracesMs);
    for (const id of ids) void client.invalidateQueries({ queryKey: ['reproductions', id] });
    const known = knownRunIds(client);
    const inside = ids.filter((id) => known.has(id));
    const now = Date.now();
    const outside = ids.filter((id) => !known.has(id) && !isLookedFor(id, now));
    gatherLater(ids.filter((id) => !known.has(id) && isLookedFor(id, now)));
    if (outside.length > 0 || inside.length > readOneByOneUpTo) {
      if (outsideSince.size > 1000) outsideSince.clear();
      for (const id of outside) outsideSince.set(id, now);
      void client.invalidateQueries({ queryKey: ['projects'] });
      await client.invalidateQueries({ queryKey: ['runs'] });
      for (const id of ids) void client.invalidateQueries({ queryKey: ['run', id] });
      return;
    }
    const read = await Promise.allSettled(inside.map((runId) => api.tracking.run({ runId })));
    for (const answer of read) if (answer.status === 'fulfilled') placeRun(client, answer.value);
  }

  async function follow(): Promise<void> {
    for await (const change of api.tracking.changes({})) {
      if (change.kind === 'reset') await client.invalidateQueries();
      else if (change.kind === 'projects' || change.kind === 'models' || change.kind === 'monitors')
        await client.invalidateQueries({ queryKey: [change.kind] });
      else gather(change.runIds);
    }
  }

  const again = () => {
    follow().then(
      () => setTimeout(again, 1000),
      (error: unknown) => {
        reportDefect('The stream of changes ended', error);
        setTimeout(again, 1000);
      },
    );
  };
  again();
  useEngineLink.subscribe((link, before) => {
    if (link.status === 'open' && before.status === 'lost') void client.invalidateQueries();
  });
}

function knownRunIds(client: QueryClient): Set<string> {
  const pages = client.getQueriesData<RunPage>({ queryKey: ['runs'], type: 'active' });
  const ids = new Set<string>();
  for (const [, page] of pages) for (const run of page?.runs ?? []) ids.add(run.id);
  for (const [key] of client.getQueriesData({ queryKey: ['run'], type: 'active' })) ids.add(String(key[1]));
  return ids;
}

/** Puts a run where it is shown already, in its place, without asking for whole pages again. */
export function placeRun(client: QueryClient, run: Run): void {
  client.setQueryData<Run>(['run', run.id], run);
  client.setQueriesData<RunPage>({ queryKey: ['runs'] }, (page) =>
    page === undefined || !page.runs.some((other) => other.id === run.id)
      ? page
      : { ...page, runs: page.runs.map((other) => (other.id === run.id ? run : other)) },
  );
}
