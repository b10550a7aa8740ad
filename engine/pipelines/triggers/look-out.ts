import { resolve } from 'node:path';
import type { ExecutionSummary, Incident, TriggerSettings } from '../../../contract/index.ts';
import { assertNever } from '../../../contract/index.ts';
import { cronTimes } from './cron-times.ts';
import { changeText, treeSignature, type TreeSignature } from './tree-signature.ts';
import type { TriggerMemory } from './trigger-rows.ts';

/** A time that comes later than this after its moment was missed: the machine slept, or nothing was running. */
const missedAfterMs = 90_000;
/** A folder is walked so seldom that looking takes at most this share of one core. */
const walkShare = 1 / 200;
const walkEveryMs = 2000;

export interface Surroundings {
  /** Absolute. */
  projectPath(projectId: string): string;
  projectName(projectId: string): string;
  /** The id of the last recorded version of a data set; null when there is none. */
  latestData(path: string): string | null;
  /** The newest first. */
  latestExecutions(
    projectId: string,
  ): readonly Pick<ExecutionSummary, 'status' | 'endedAt' | 'cause' | 'id' | 'startedAt'>[];
  /** The last incident that a monitor opened; null when there was none. */
  latestIncident(monitorId: string): Pick<Incident, 'id' | 'about'> | null;
}

export interface Finding {
  readonly memory: TriggerMemory;
  /** Why to start, in words; null for nothing to do. */
  readonly cause: string | null;
  /** Times that nobody could start anything at, in words. */
  readonly missed: string | null;
}

/** Looks for what a trigger waits for. One for each trigger: it remembers what it saw of a folder. */
export interface LookOut {
  /** @throws {BenchtopError} when it cannot look: a folder too large, a project that is gone. */
  look(now: number, memory: TriggerMemory): Promise<Finding>;
  /** What it would remember if all that happened so far were dealt with. */
  begin(now: number): Promise<TriggerMemory>;
  nextAt(now: number): number | null;
}

export function createLookOut(
  projectId: string,
  settings: Pick<TriggerSettings, 'condition' | 'timeZone'>,
  around: Surroundings,
): LookOut {
  const { condition, timeZone } = settings;
  const nothing = (memory: TriggerMemory): Finding => ({ memory, cause: null, missed: null });
  switch (condition.kind) {
    case 'time':
      return timeLookOut(condition.cron, timeZone);
    case 'files':
      return filesLookOut(condition.path, condition.quietMs, () =>
        resolve(around.projectPath(projectId), condition.path),
      );
    case 'data': {
      const path = () => resolve(around.projectPath(projectId), condition.path);
      return {
        begin: async (now) => ({ until: now, seen: around.latestData(path()) }),
        async look(now, memory) {
          const version = around.latestData(path());
          if (version === null || version === memory.seen) return nothing({ ...memory, until: now });
          return {
            memory: { until: now, seen: version },
            cause: `New data: ${condition.path} is now ${version.slice(0, 12)}`,
            missed: null,
          };
        },
        nextAt: () => null,
      };
    }
    case 'pipeline':
      return {
        begin: async (now) => ({ until: now, seen: null }),
        async look(_now, memory) {
          const ended = around
            .latestExecutions(condition.projectId)
            .flatMap(({ endedAt, status }) => (endedAt === null ? [] : [{ endedAt, status }]))
            .filter(({ endedAt }) => endedAt > memory.until)
            .sort((a, b) => a.endedAt - b.endedAt);
          const wanted = ended.filter(
            ({ status }) => condition.status === 'any' || status === condition.status,
          );
          const last = wanted.at(-1);
          const until = ended.at(-1)?.endedAt ?? memory.until;
          if (last === undefined) return nothing({ ...memory, until });
          const verb =
            last.status === 'finished' ? 'finished' : last.status === 'failed' ? 'failed' : 'was cancelled';
          return {
            memory: { until, seen: null },
            cause: `The pipeline of ${around.projectName(condition.projectId)} ${verb}`,
            missed: null,
          };
        },
        nextAt: () => null,
      };
    case 'monitor': {
      const seenOf = () => {
        const latest = around.latestIncident(condition.monitorId);
        return latest === null ? null : { id: String(latest.id), about: latest.about };
      };
      return {
        begin: async (now) => ({ until: now, seen: seenOf()?.id ?? null }),
        async look(now, memory) {
          const latest = seenOf();
          if (latest === null || latest.id === memory.seen) return nothing({ ...memory, until: now });
          return {
            memory: { until: now, seen: latest.id },
            cause: `Incident ${latest.id}: ${latest.about}`,
            missed: null,
          };
        },
        nextAt: () => null,
      };
    }
    default:
      return assertNever(condition);
  }
}

function timeLookOut(cron: string, timeZone: string): LookOut {
  const times = cronTimes(cron, timeZone);
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  return {
    begin: async (now) => ({ until: now, seen: null }),
    async look(now, memory) {
      // A clock that was set back: what it shows again has been dealt with.
      if (memory.until > now) return { memory, cause: null, missed: null };
      const passed = times.passed(memory.until, now);
      const dealt = { until: now, seen: null };
      if (passed === null) return { memory: dealt, cause: null, missed: null };
      const { count, isMore, first, last } = passed;
      if (count === 1 && now - last <= missedAfterMs)
        return { memory: dealt, cause: `It was ${format.format(last)} (${cron})`, missed: null };
      const range = count === 1 ? format.format(last) : `${format.format(first)} to ${format.format(last)}`;
      const words = `${isMore ? 'more than ' : ''}${count} ${count === 1 ? 'time' : 'times'} (${range})`;
      return {
        memory: dealt,
        cause: `Made up for ${words} that passed while the machine slept or Benchtop was not running (${cron})`,
        missed: words,
      };
    },
    nextAt: (now) => times.next(now),
  };
}

function filesLookOut(shownPath: string, quietMs: number, path: () => string): LookOut {
  let dealtWith: TreeSignature | null = null;
  let latest: { signature: TreeSignature; since: number } | null = null;
  let walkAgainAt = 0;
  const walk = async (now: number): Promise<TreeSignature> => {
    const begun = performance.now();
    const signature = await treeSignature(path());
    walkAgainAt = now + Math.max(walkEveryMs, (performance.now() - begun) / walkShare);
    if (signature === null) throw new TooManyFiles(shownPath);
    return signature;
  };
  return {
    async begin(now) {
      dealtWith = await walk(now);
      latest = { signature: dealtWith, since: now };
      return { until: now, seen: dealtWith.hash };
    },
    async look(now, memory) {
      if (now >= walkAgainAt || now < walkAgainAt - 3_600_000) {
        const signature = await walk(now);
        if (latest?.signature.hash !== signature.hash) latest = { signature, since: now };
        if (signature.hash === memory.seen) dealtWith = signature;
      }
      if (latest === null || latest.signature.hash === memory.seen || now - latest.since < quietMs)
        return { memory, cause: null, missed: null };
      const words = dealtWith === null ? '' : changeText(dealtWith, latest.signature);
      dealtWith = latest.signature;
      return {
        memory: { until: now, seen: latest.signature.hash },
        cause: `${shownPath} changed${words === '' ? '' : `: ${words}`}`,
        missed: null,
      };
    },
    nextAt: () => null,
  };
}

export class TooManyFiles extends Error {
  constructor(path: string) {
    super(`${path} holds more than 50,000 files; a trigger cannot watch it.`);
  }
}
