import type { Incident, JudgedChunk, MonitorAlarm } from '../../contract/index.ts';
import { graverFirst, gravityOf, isGraver } from './gravity.ts';

/** So many alarms are told as evidence. */
const evidenceAtMost = 20;

export type IncidentState = Omit<Incident, 'id' | 'monitorId'>;
export type FollowedChunk = Pick<JudgedChunk, 'label' | 'verdict' | 'alarms'>;

/**
 * What a judged chunk makes of an incident: the first that alarms opens one, those that follow extend it, and after so many in a row
 * without an alarm it is over. A chunk with too little data says neither. Null for what stays as it is.
 * @param before what had been said of the same chunk when it held something else, by fewer labels, or by other rules; null for a new one
 */
export function followIncident(
  open: IncidentState | null,
  chunk: FollowedChunk,
  before: ToldBefore | null,
  { now, quietChunks }: { now: number; quietChunks: number },
): IncidentState | null {
  const isKnown = before !== null && alarms(before.verdict);
  if (alarms(chunk.verdict)) {
    // It was told then, and closing an incident is not undone by looking again; what is graver now, as labels came, is news.
    if (open === null && isKnown && !isGraverNow(chunk, before)) return null;
    return open === null ? alarmed(opened(chunk, now), chunk, false) : alarmed(open, chunk, isKnown);
  }
  // One that was quiet before is looked at again, and nothing has become quiet.
  if (open === null || chunk.verdict !== 'quiet' || (before !== null && !isKnown)) return null;
  const quietCount = open.quietCount + 1;
  return quietCount < quietChunks
    ? { ...open, quietCount }
    : { ...open, quietCount, closedAt: now, closedBy: 'quiet' };
}

/** What was said of a chunk when it was judged before. */
export interface ToldBefore {
  readonly verdict: JudgedChunk['verdict'];
  /** Of its gravest alarm; null without one. */
  readonly severity: MonitorAlarm['severity'] | null;
}

const isGraverNow = ({ alarms: now }: FollowedChunk, { severity }: ToldBefore): boolean => {
  const gravity = gravityOf(now);
  return (
    gravity !== null && (severity === null || isGraver({ ...gravity, amiss: 0 }, { severity, amiss: 0 }))
  );
};

const alarms = (verdict: JudgedChunk['verdict']): boolean => verdict === 'alarm' || verdict === 'failed';

const opened = ({ label }: FollowedChunk, now: number): IncidentState => ({
  openedAt: now,
  firstChunk: label,
  lastChunk: label,
  alarmedCount: 0,
  quietCount: 0,
  severity: 'small',
  about: '',
  gravest: { chunk: '', amiss: 0 },
  evidence: [],
  closedAt: null,
  closedBy: null,
  note: '',
  snoozedUntil: null,
});

function alarmed(incident: IncidentState, chunk: FollowedChunk, isKnown: boolean): IncidentState {
  const byPlace = new Map<string, IncidentState['evidence'][number]>();
  const all = [...incident.evidence, ...chunk.alarms.map((alarm) => ({ ...alarm, chunk: chunk.label }))];
  for (const alarm of all.toSorted(graverFirst))
    if (!byPlace.has(placeOf(alarm))) byPlace.set(placeOf(alarm), alarm);
  const evidence = [...byPlace.values()].slice(0, evidenceAtMost);
  const gravity = gravityOf(chunk.alarms);
  const [gravest] = chunk.alarms.toSorted(graverFirst);
  const isGravest =
    gravity !== null &&
    gravest !== undefined &&
    (incident.alarmedCount === 0 ||
      isGraver(gravity, { severity: incident.severity, amiss: incident.gravest.amiss }));
  return {
    ...incident,
    lastChunk: isKnown ? incident.lastChunk : chunk.label,
    alarmedCount: incident.alarmedCount + (isKnown ? 0 : 1),
    quietCount: 0,
    evidence,
    ...(isGravest
      ? {
          severity: gravity.severity,
          about: alarmText(gravest, chunk.label),
          gravest: { chunk: chunk.label, amiss: gravity.amiss },
        }
      : {}),
  };
}

/** A column, the model, or a chunk as a whole. */
const placeOf = ({ panel, column }: MonitorAlarm): string =>
  column === null ? (panel === 'performance' ? 'model' : 'chunk') : `column ${column}`;

/** "dep_delay in 2013-07: the share up to 3 fell from 62 % to 48 %" */
export const alarmText = ({ column, about }: MonitorAlarm, chunk: string): string =>
  `${column === null ? chunk : `${column} in ${chunk}`}: ${about}`;
