import { assertNever, type Delivery, type SyncOperation, type SyncReceipt } from '../../../contract/index.ts';
import { bytesText, counted } from '../data/data-snapshot-command.ts';

/** `12  3f2a81c0 baseline -> team  verified`, and below it what is the matter. */
export function deliveryText(delivery: Delivery): string {
  const { id, kind, localId, name, target, error, conflict } = delivery;
  const named = kind === 'run' ? `${localId.slice(0, 8)} ${name}` : name;
  const lines = [`${id}  ${named} -> ${target}  ${stateText(delivery)}`];
  if (conflict !== null) {
    lines.push(`  ${conflict.what}`);
    for (const { key, local, remote } of conflict.differences.slice(0, 20))
      lines.push(`    ${key}: here ${local}, there ${remote}`);
    lines.push(`  Ways out: benchtop outbox ${id} --resolve ${conflict.waysOut.join('|')}`);
  } else if (error !== null && delivery.state !== 'verified') {
    lines.push(`  ${error.what}${error.next === undefined ? '' : ` ${error.next}`}`);
    if (error.evidence !== undefined) lines.push(`  ${error.evidence}`);
  }
  return lines.join('\n');
}

function stateText({ state, done, total, doneBytes, totalBytes }: Delivery): string {
  switch (state) {
    case 'verified':
      return `verified, ${bytesText(totalBytes)}`;
    case 'waiting':
    case 'sending':
      return `${state}, ${done} of ${total} steps, ${bytesText(doneBytes)} of ${bytesText(totalBytes)}`;
    case 'conflict':
    case 'refused':
    case 'cancelled':
      return `${state} after ${done} of ${total} steps`;
    default:
      return assertNever(state);
  }
}

export const operationText = ({ kind, subject, state, attempts, error }: SyncOperation): string =>
  [`  ${state.padEnd(9)}  ${kind}  ${subject}`, attempts > 1 ? `${attempts} attempts` : '', error?.what ?? '']
    .filter((part) => part !== '')
    .join('  ');

/** What was found at the target. @param isLatest false where the delivery was begun anew since. */
export function receiptText(receipt: SyncReceipt, isLatest: boolean): string {
  const { params, tags, metrics, files } = receipt;
  const points = metrics.reduce((sum, metric) => sum + metric.points, 0);
  const bytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const found = [
    ...(params === 0 ? [] : [counted(params, 'param')]),
    ...(tags === 0 ? [] : [counted(tags, 'tag')]),
    ...(metrics.length === 0 ? [] : [`${counted(points, 'point')} of ${counted(metrics.length, 'metric')}`]),
    ...(files.length === 0 ? [] : [`${counted(files.length, 'file')} with ${bytesText(bytes)}`]),
  ];
  return [
    `${isLatest ? 'Read' : 'The time before, read'} there on ${new Date(receipt.at).toISOString()}: ${receipt.url ?? receipt.remoteId}`,
    ...(found.length === 0 ? [] : [`  ${found.join(', ')}`]),
    ...(receipt.aliases.length === 0 ? [] : [`  aliases: ${receipt.aliases.join(', ')}`]),
    ...receipt.notices.map((notice) => `  ${notice}`),
  ].join('\n');
}
