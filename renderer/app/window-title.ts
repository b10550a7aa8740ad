import type { Job } from '../../contract/index.ts';

/** The window's title: the page's name, behind how far it is with what goes on. */
export function windowTitle(page: string, jobs: readonly Job[], shownRunId: string | null): string {
  const running = jobs.filter((job) => job.status === 'running');
  const one =
    running.find((job) => job.runId === shownRunId) ?? (running.length === 1 ? running[0] : undefined);
  const progress = one?.progress ?? null;
  const before =
    progress !== null
      ? `${Math.round(progress * 100)} % · `
      : running.length > 0
        ? `${running.length} running · `
        : '';
  return `${before}${page} – Benchtop`;
}
