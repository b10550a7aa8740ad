/**
 * The place in this window that an address of MLflow's own window means: its client prints such links at the end of a run
 * (`/#/experiments/1/runs/<id>`, also with a workspace before it). Null for any other fragment.
 */
export function pathOfMlflowLink(fragment: string): string | null {
  const [, runId] = /^#\/(?:.*\/)?runs\/([0-9a-f]{32})(?:[/?]|$)/.exec(fragment) ?? [];
  if (runId !== undefined) return `/runs/${runId}`;
  return /^#\/(?:.*\/)?experiments\b/.test(fragment) ? '/runs' : null;
}
