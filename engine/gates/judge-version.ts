import {
  assertNever,
  BenchtopError,
  checkNames,
  type CheckLevel,
  type CheckName,
  type CheckResult,
  type Evaluation,
  type GateEnvironment,
  type JudgeEvent,
  type Latency,
  type SkippedCheck,
} from '../../contract/index.ts';
import type { Checks } from './definition/read-checks.ts';
import type { JudgedVersion, Judgement } from './judged-version.ts';
import { judgeGain, judgeLatency, judgeSlices } from './judges/judge-quality.ts';
import {
  judgeCodeSnapshot,
  judgeDataPinned,
  judgeEnvironment,
  judgeReproduces,
} from './judges/judge-record.ts';
import { judgeSecrets } from './judges/judge-secrets.ts';

/** What the checks that cost something ask for; each is asked once, and only where a check needs it. */
export interface JudgeMeans {
  now(): number;
  readFile(objectId: string, sizeBytes: number): Promise<Uint8Array>;
  /** On the held-out rows, beside the champion; or in words why not. */
  evaluation(): Promise<Evaluation | { why: string; next: string }>;
  /** Measured when the model itself answered; null where it did not. */
  latency(): Promise<Latency | null>;
  licences(): Promise<Judgement>;
  card(): Promise<Judgement>;
  tests(): Promise<Judgement>;
}

export interface JudgedFor {
  readonly environment: GateEnvironment;
  readonly champion: number | null;
  readonly checks: Checks;
  readonly skips: readonly SkippedCheck[];
  /** Who says so where a check is skipped. */
  readonly who: string;
}

const working: Partial<Record<CheckName, string>> = {
  beats_champion: 'reading predictions and drawing rows anew',
  latency: 'timing single rows',
  tests: 'running the tests on the code of its run',
};

/** Judges check by check and tells each as it is known. What one check meets keeps no other from being judged. */
export async function* judgeVersion(
  judged: JudgedVersion,
  { environment, champion, checks, skips, who }: JudgedFor,
  means: JudgeMeans,
  signal: AbortSignal,
): AsyncGenerator<Exclude<JudgeEvent, { kind: 'done' }>> {
  for (const check of checkNames) {
    const level = checks.levels[check][environment];
    if (level === null) continue;
    signal.throwIfAborted();
    const skip = skips.find((each) => each.check === check);
    if (skip !== undefined) {
      yield {
        kind: 'check',
        result: skippedResult(check, level, { reason: skip.reason, who, at: means.now() }),
      };
      continue;
    }
    yield { kind: 'progress', check, what: working[check] ?? 'looking at what is recorded' };
    const beganAt = performance.now();
    const judgement = await judgementOf(check, { judged, champion, checks, means, signal });
    yield { kind: 'check', result: resultOf(check, level, judgement, performance.now() - beganAt) };
  }
}

async function judgementOf(
  check: CheckName,
  asked: {
    judged: JudgedVersion;
    champion: number | null;
    checks: Checks;
    means: JudgeMeans;
    signal: AbortSignal;
  },
): Promise<Judgement> {
  try {
    return await judge(check, asked);
  } catch (error) {
    if (!(error instanceof BenchtopError) || asked.signal.aborted) throw error;
    return {
      state: 'could not judge',
      what: error.message,
      ...(error.evidence === undefined
        ? {}
        : { evidence: [{ text: error.evidence, runId: null, objectId: null }] }),
      ...(error.next === undefined ? {} : { next: error.next }),
    };
  }
}

async function judge(
  check: CheckName,
  {
    judged,
    champion,
    checks,
    means,
    signal,
  }: {
    judged: JudgedVersion;
    champion: number | null;
    checks: Checks;
    means: JudgeMeans;
    signal: AbortSignal;
  },
): Promise<Judgement> {
  switch (check) {
    case 'code_snapshot':
      return judgeCodeSnapshot(judged);
    case 'environment_locked':
      return judgeEnvironment(judged);
    case 'data_pinned':
      return judgeDataPinned(judged);
    case 'licences':
      return means.licences();
    case 'no_secrets':
      return judgeSecrets(judged.files, means.readFile, signal);
    case 'card':
      return means.card();
    case 'reproduces':
      return judgeReproduces(judged, checks.reproduces.within);
    case 'beats_champion':
    case 'slices': {
      const found = await means.evaluation();
      if ('why' in found) return { state: 'could not judge', what: found.why, next: found.next };
      return check === 'slices'
        ? judgeSlices(found, checks.slices)
        : judgeGain(found, champion, checks.beatsChampion);
    }
    case 'latency':
      return judgeLatency(await means.latency(), checks.latency);
    case 'tests':
      return means.tests();
    default:
      return assertNever(check);
  }
}

function resultOf(check: CheckName, level: CheckLevel, judgement: Judgement, elapsedMs: number): CheckResult {
  const { state, what, evidence = [], next = null } = judgement;
  return {
    check,
    level,
    // What only warns fails nobody.
    state: state === 'failed' && level === 'warn' ? 'warning' : state,
    what,
    evidence: [...evidence],
    next,
    skip: null,
    elapsedMs,
  };
}

export function skippedResult(
  check: CheckName,
  level: CheckLevel,
  skip: NonNullable<CheckResult['skip']>,
  before?: CheckResult,
): CheckResult {
  return {
    check,
    level,
    state: 'skipped',
    what: before === undefined ? 'Not judged.' : `Set aside; it had come out: ${before.what}`,
    evidence: before?.evidence ?? [],
    next: null,
    skip,
    elapsedMs: before?.elapsedMs ?? 0,
  };
}

/** The checks that keep a version from being promoted. */
export const blockersIn = (results: readonly CheckResult[]): CheckName[] =>
  results
    .filter(({ level, state }) => level === 'block' && (state === 'failed' || state === 'could not judge'))
    .map(({ check }) => check);
