import type { GateEnvironment, GateReport, StaleEvidence } from '../../../contract/index.ts';

/** What there is now, for a report to be held against. */
export interface PresentEvidence {
  readonly model: string;
  readonly version: number;
  readonly environment: GateEnvironment;
  /** The version that is in the environment; null for none, and where that is the version itself. */
  readonly champion: number | null;
  /** Of the file that says what is judged; null where there is none. */
  readonly checksSha256: string | null;
  /** The held-out data as they lie there; null where that is not known. */
  readonly dataVersion: string | null;
  /** When a file of predictions was given last, for either side; null for never. */
  readonly givenAt: { readonly candidate: number | null; readonly champion: number | null };
}

const named = (version: number | null) => (version === null ? 'nobody' : `version ${version}`);

/**
 * Why a report does not tell of what there is now, or what it lacks; empty where all of it holds. What is blocking keeps a version from
 * being approved: it was judged against somebody else, or by other checks. The rest is told.
 */
export function staleEvidence(report: GateReport | null, now: PresentEvidence): StaleEvidence[] {
  const { model, version, environment } = now;
  const next = `Judge it: \`benchtop gate ${model}/${version} --to ${environment}\`.`;
  if (report === null)
    return [
      { what: `Version ${version} of ${model} was not judged for ${environment}.`, next, isBlocking: true },
    ];
  const found: StaleEvidence[] = [];
  if (report.champion !== now.champion)
    found.push({
      what: `Version ${version} of ${model} was held against ${named(report.champion)}, and now ${named(now.champion)} is in ${environment}.`,
      next,
      isBlocking: true,
    });
  if ((report.checksFile?.sha256 ?? null) !== now.checksSha256)
    found.push({
      what: `The checks have changed since version ${version} of ${model} was judged.`,
      next,
      isBlocking: true,
    });
  const { evaluation } = report;
  if (evaluation === null) return [...found, ...nothingMeasured(report)];
  if (
    evaluation.dataVersion !== null &&
    now.dataVersion !== null &&
    evaluation.dataVersion !== now.dataVersion
  )
    found.push({ what: 'The held-out data have changed since it was judged.', next, isBlocking: false });
  for (const side of ['candidate', 'champion'] as const) {
    const given = now.givenAt[side];
    if (evaluation[side]?.madeBy === 'file' && given !== null && given > report.startedAt)
      found.push({
        what: `Other predictions of the ${side} were given since it was judged.`,
        next,
        isBlocking: false,
      });
  }
  return found;
}

/** Nothing was measured: the check that asked for it has said why. */
function nothingMeasured({ results, model, version }: GateReport): StaleEvidence[] {
  const asked = results.find(
    ({ check, state }) => (check === 'beats_champion' || check === 'slices') && state === 'could not judge',
  );
  const what = asked?.what ?? 'No check asked for held-out rows, so nothing was measured on any.';
  return [
    {
      what,
      next:
        asked?.next ??
        `Name the held-out data in checks.yaml, or give predictions: \`benchtop gate ${model}/${version} --predictions FILE\`.`,
      isBlocking: false,
    },
  ];
}
