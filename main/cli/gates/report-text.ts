import type { CheckResult, GateReport } from '../../../contract/index.ts';
import { durationText } from '../duration-text.ts';
import { textColumns } from '../text-columns.ts';

const words: Record<CheckResult['state'], string> = {
  passed: 'passed',
  failed: 'FAILED',
  warning: 'warning',
  skipped: 'skipped',
  'could not judge': 'could not judge',
};

/** A report as it is printed: a line for each check, what shows it below those that are not simply passed, and what comes of it. */
export function reportText(report: GateReport): string {
  const heads = textColumns(
    report.results.map(({ check, level, state, what, elapsedMs }) => [
      check,
      level,
      words[state],
      `${what}${elapsedMs < 1000 ? '' : ` (${durationText(elapsedMs)})`}`,
    ]),
  );
  const lines = report.results.flatMap((result, at) => [
    heads[at] ?? '',
    ...(result.skip === null ? [] : [`    ${result.skip.who}: ${result.skip.reason}`]),
    ...(result.state === 'passed' ? [] : result.evidence.map(({ text }) => `    ${text}`)),
    ...(result.next === null || result.state === 'passed' ? [] : [`    → ${result.next}`]),
  ]);
  return [...lines, '', verdictText(report)].join('\n');
}

function verdictText({ model, version, environment, champion, blockers, checksFile }: GateReport): string {
  const against = champion === null ? 'the first one there' : `in place of version ${champion}`;
  const by = checksFile === null ? 'the checks that hold without a checks.yaml' : checksFile.path;
  return blockers.length === 0
    ? `${model}, version ${version}, may be promoted to ${environment}, ${against}, by ${by}.`
    : `${model}, version ${version}, is kept from ${environment} by ${blockers.join(', ')} (${by}).`;
}
