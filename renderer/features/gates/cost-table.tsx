import type { ComparedVersion, VersionComparison } from '../../../contract/index.ts';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatNumber } from '../../ui/format-number.ts';
import { SideBySide } from '../../ui/side-by-side.tsx';

const rows: readonly { name: string; of: (side: ComparedVersion) => string }[] = [
  { name: 'One row, half within', of: ({ latency }) => msText(latency?.p50Ms) },
  { name: 'One row, 95 % within', of: ({ latency }) => msText(latency?.p95Ms) },
  { name: 'Size', of: ({ sizeBytes }) => formatBytes(sizeBytes) },
  { name: 'Files', of: ({ fileCount }) => String(fileCount) },
  {
    name: 'Predictions',
    of: ({ predictions }) =>
      predictions === null ? 'none' : predictions.madeBy === 'model' ? 'by the model itself' : 'as a file',
  },
];

const msText = (ms: number | undefined) => (ms === undefined ? 'not measured' : `${formatNumber(ms)} ms`);

/** What both take: time and room. */
export function CostTable({ candidate, champion }: Pick<VersionComparison, 'candidate' | 'champion'>) {
  const sides = (champion === null ? [candidate] : [champion, candidate]).map((side) => ({
    key: String(side.version),
    head: `version ${side.version}`,
    side,
  }));
  return <SideBySide rowsAre="What" sides={sides} rows={rows} areFigures />;
}
