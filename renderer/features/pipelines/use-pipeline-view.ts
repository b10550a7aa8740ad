import { useCallback } from 'react';
import { useSearchParams } from 'wouter';
import { z } from 'zod';
import type { PipelineStage } from '../../../contract/index.ts';
import { usePreference } from '../../app/preferences.ts';
import type { Reach } from './graph/pipeline-graph.ts';

/** A pipeline with more stages shows its groups folded, unless a person unfolded them. */
const manyStages = 60;
const foldedSchema = z.record(z.string(), z.boolean());
const reaches: readonly string[] = ['upstream', 'downstream'] satisfies Reach[];

/** What of a pipeline is shown. The selected stage and the focus are in the address, what is folded is kept for the project. */
export function usePipelineView(projectId: string, stages: readonly PipelineStage[]) {
  const [search, setSearch] = useSearchParams();
  const [chosen, setChosen] = usePreference(projectId, 'pipeline.folded', foldedSchema, {});
  const set = useCallback(
    (name: string, value: string | null) =>
      setSearch(
        (before) => {
          const next = new URLSearchParams(before);
          if (value === null) next.delete(name);
          else next.set(name, value);
          return next;
        },
        { replace: true },
      ),
    [setSearch],
  );
  const reach = search.get('reach');
  const focus = search.get('of');
  const groups = new Set(stages.flatMap(({ group }) => group ?? []));
  const isFolded = (group: string) => chosen[group] ?? stages.length > manyStages;
  return {
    /** The name of a stage, or of a group with `@` behind it. */
    selected: search.get('stage'),
    select: (id: string | null) => set('stage', id),
    /** Only what a stage needs, or what needs it, is shown. */
    focus:
      focus !== null && reach !== null && reaches.includes(reach)
        ? { stage: focus, reach: reach as Reach }
        : null,
    setFocus: (next: { stage: string; reach: Reach } | null) => {
      set('of', next?.stage ?? null);
      set('reach', next?.reach ?? null);
    },
    groups,
    folded: new Set([...groups].filter(isFolded)),
    setFolded: (changed: Iterable<string>, isFoldedNow: boolean) =>
      setChosen({ ...chosen, ...Object.fromEntries([...changed].map((group) => [group, isFoldedNow])) }),
  };
}
