import { askRunsAhead } from '../features/tracking/index.ts';

/** Asks the engine for what the page of an address will show first, before there is a page: one wait less for the first rows. */
export function askAhead({ pathname, search }: Pick<Location, 'pathname' | 'search'>): void {
  const runs = /^(?:\/projects\/([^/]+))?\/runs$/.exec(pathname);
  if (runs !== null) askRunsAhead(runs[1] ?? null, new URLSearchParams(search));
}
