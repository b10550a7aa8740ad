import { useMemo } from 'react';
import { create } from 'zustand';

/** A run keeps the colour it was given first, for as long as the window lives, whichever page draws it. */
const useColours = create<{ readonly indexOf: ReadonlyMap<string, number> }>(() => ({ indexOf: new Map() }));

/** The colour index of each run, 0-based; the lowest index that none of the runs beside it uses goes to a new one. */
export function useRunColours(runIds: readonly string[]): ReadonlyMap<string, number> {
  const names = runIds.join(' ');
  return useMemo(() => {
    const kept = useColours.getState().indexOf;
    const given = assignColours(kept, names === '' ? [] : names.split(' '));
    if (given.size > 0) useColours.setState({ indexOf: new Map([...kept, ...given]) });
    return given;
  }, [names]);
}

/** Colours for runs shown together: each keeps its own unless one beside it has the same already. */
export function assignColours(
  kept: ReadonlyMap<string, number>,
  runIds: readonly string[],
): Map<string, number> {
  const given = new Map<string, number>();
  const taken = new Set<number>();
  for (const id of runIds) {
    const own = kept.get(id);
    if (own === undefined || taken.has(own)) continue;
    given.set(id, own);
    taken.add(own);
  }
  for (const id of runIds) {
    if (given.has(id)) continue;
    let free = 0;
    while (taken.has(free)) free++;
    given.set(id, free);
    taken.add(free);
  }
  return given;
}
