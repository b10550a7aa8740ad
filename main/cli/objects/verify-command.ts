import { resolve } from 'node:path';
import type { HistoryCheck, VerifyReport } from '../../../contract/index.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { lastEvent } from '../last-event.ts';

export interface VerifyOptions {
  readonly home: string;
  readonly repair?: boolean;
  readonly from?: string;
  readonly json?: boolean;
}

/** `benchtop verify`: reads all that is stored again. Exit code 1 when something is damaged and was not repaired. */
export async function verifyCommand({ home, repair, from, json }: VerifyOptions): Promise<void> {
  await withEngine(home, async (engine) => {
    const { kind: _kind, ...report } = await lastEvent(
      (options) =>
        engine.api.objects.verify(
          { repair: repair === true, ...(from === undefined ? {} : { from: resolve(from) }) },
          options,
        ),
      ({ readBytes, totalBytes }) =>
        `read ${readBytes.toLocaleString('en-US')} of ${totalBytes.toLocaleString('en-US')} bytes`,
    );
    const history = await engine.api.registry.verifyHistory({});
    console.log(
      json === true
        ? jsonText({ ...report, history })
        : [reportText(report), ...historyLines(history)].join('\n'),
    );
    const isSound =
      report.store === 'ok' &&
      !report.isOlderThanPacks &&
      history.isIntact &&
      report.damaged.every(({ isRepaired }) => isRepaired);
    if (!isSound) process.exitCode = 1;
  });
}

function reportText({
  store,
  isOlderThanPacks,
  packCount,
  readBytes,
  elapsedMs,
  oldestCheckAt,
  damaged,
}: VerifyReport): string {
  const seconds = (elapsedMs / 1000).toFixed(1);
  const before =
    oldestCheckAt === null
      ? 'Some of it was never read before.'
      : `All of it was read before, last on ${new Date(oldestCheckAt).toISOString().slice(0, 10)} or later.`;
  const lines = [
    `Read ${readBytes.toLocaleString('en-US')} bytes in ${packCount} packs in ${seconds} s. ${before}`,
    store === 'ok' ? 'benchtop.db is sound.' : `benchtop.db is damaged: ${store}`,
    ...(isOlderThanPacks
      ? [
          'benchtop.db is an earlier copy: the packs hold more than it knows of. Run `benchtop verify --repair`.',
        ]
      : []),
    damaged.length === 0
      ? 'Every stored file is sound.'
      : `${damaged.length} stored ${damaged.length === 1 ? 'file is' : 'files are'} damaged:`,
  ];
  for (const { objectId, where, isRepaired, runs } of damaged) {
    lines.push(`  ${objectId.slice(0, 12)}  ${isRepaired ? 'repaired' : 'damaged'}  ${where}`);
    for (const run of runs) lines.push(`      ${run.path} of ${run.id.slice(0, 8)} ${run.name}`);
  }
  return lines.join('\n');
}

function historyLines({ entryCount, lastHash, ...found }: HistoryCheck): string[] {
  if (found.isIntact)
    return [
      entryCount === 0
        ? 'The history of the registry is empty.'
        : `The history of the registry is whole: ${entryCount.toLocaleString('en-US')} entries, the last hash is ${lastHash}.`,
    ];
  const lines = ['The history of the registry is broken:'];
  if (found.break !== null) {
    const { what, expected, found: instead } = found.break;
    lines.push(`  ${what}`, `    expected ${expected}`, `    found    ${instead}`);
  }
  lines.push(...found.disagreements.map((text) => `  ${text}`));
  return found.next === null ? lines : [...lines, found.next];
}
