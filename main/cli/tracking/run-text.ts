import { runningMs, type Artifact, type Run, type RunData, type Snapshot } from '../../../contract/index.ts';
import { durationText } from '../duration-text.ts';
import { snapshotRows } from './snapshot-text.ts';
import { numberText } from '../number-text.ts';
import { textColumns } from '../text-columns.ts';

/** A run's record for reading: what it is, what it was given, what it came to. Sections with nothing in them are left out. */
export function runText(
  {
    run,
    artifacts,
    data,
    snapshot,
  }: { run: Run; artifacts: readonly Artifact[]; data: readonly RunData[]; snapshot: Snapshot | null },
  nowMs: number,
): string {
  const metrics = Object.entries(run.metrics).toSorted(byName);
  const isOfSystem = ([key]: [string, unknown]) => key.startsWith('system/');
  const fromArguments = new Set((run.tags['benchtop.paramsFromArguments'] ?? '').split(', '));
  return [
    ...textColumns([
      ['run', run.id],
      ['name', run.name],
      ['status', run.ending === null ? run.status : `${run.status}, ${run.ending}`],
      ['started', run.startedAt === null ? 'not yet' : momentText(run.startedAt)],
      ...(run.startedAt === null ? [] : [['ran', durationText(runningMs(run, nowMs) ?? 0)]]),
      ...(run.command.length === 0 ? [] : [['command', run.command.map(shellWord).join(' ')]]),
      ...(run.workingFolder === null ? [] : [['folder', run.workingFolder]]),
      ...(run.note === '' ? [] : [['note', run.note]]),
    ]),
    ...section(
      'params',
      Object.entries(run.params)
        .toSorted(byName)
        .map(([key, value]) => [key, value, fromArguments.has(key) ? 'from the command line' : '']),
    ),
    ...section('metrics', metricRows(metrics.filter((entry) => !isOfSystem(entry)))),
    ...section('system', metricRows(metrics.filter(isOfSystem))),
    ...section(
      'artifacts',
      artifacts.map(({ path, sizeBytes }) => [path, `${sizeBytes.toLocaleString('en-US')} bytes`]),
    ),
    ...section(
      'data',
      data.map(({ path, role, knownBy, version, state, note }) => [
        role,
        path,
        version?.version.slice(0, 12) ?? state,
        knownBy.join(', '),
        note ?? '',
      ]),
    ),
    ...section('code', snapshot === null ? [] : snapshotRows(snapshot)),
    ...section('tags', Object.entries(run.tags).toSorted(byName).map(oneLineEach)),
  ].join('\n');
}

function section(title: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ['', title, ...textColumns(rows).map((line) => `  ${line}`)];
}

function metricRows(metrics: readonly [string, Run['metrics'][string]][]): string[][] {
  if (metrics.length === 0) return [];
  return [
    ['name', 'last', 'least', 'greatest', 'points', ''],
    ...metrics.map(([key, { last, min, max, count, isGuessed }]) => [
      key,
      numberText(last),
      min === null ? '-' : numberText(min),
      max === null ? '-' : numberText(max),
      String(count),
      isGuessed ? 'read from the output' : '',
    ]),
  ];
}

const byName = ([one]: [string, unknown], [other]: [string, unknown]) => one.localeCompare(other);
const momentText = (at: number) => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
const oneLineEach = ([key, value]: [string, string]) => [key, value.replaceAll('\n', ', ')];

/** A word of a command as one would type it. */
function shellWord(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
