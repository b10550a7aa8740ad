import { useQuery } from '@tanstack/react-query';
import type { JudgedChunk } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { DriftPictures } from '../../ui/drift-pictures.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatNumber } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import tables from '../../ui/table.module.css';
import { percentText } from './monitor-texts.ts';
import styles from './monitoring.module.css';

/** One column of one chunk in full: what changed, both distributions, the test and the distances. */
export function CellPanel({
  chunk,
  name,
  onClose,
}: {
  chunk: JudgedChunk;
  name: string;
  onClose: () => void;
}) {
  const { data, error } = useQuery({
    queryKey: ['monitors', 'column', chunk.id, name],
    queryFn: () => engine.monitoring.column({ chunkId: chunk.id, name }),
    staleTime: Infinity,
  });
  return (
    <SidePanel
      kind="Column"
      name={name}
      beside={<span className={tables.quiet}>{chunk.label}</span>}
      onClose={onClose}
    >
      {error !== null ? (
        <ErrorNotice error={error} />
      ) : data === undefined ? (
        <Pending what="the column" />
      ) : (
        <>
          <p className={styles.told}>
            {data.verdict.replaceAll('-', ' ')}: {data.about}
          </p>
          <DriftPictures column={data} />
          <dl className={styles.facts}>
            {data.effect === null ? null : (
              <>
                <dt>Rows that moved</dt>
                <dd>
                  {percentText(data.effect.moved)}, {percentText(data.effect.byChance)} by chance
                </dd>
                <dt>Size</dt>
                <dd>{data.effect.size}</dd>
              </>
            )}
            {data.test === null ? null : (
              <>
                <dt>{data.test.name}</dt>
                <dd>{formatNumber(data.test.statistic)}</dd>
                <dt>Adjusted probability</dt>
                <dd>{data.test.adjustedP.toPrecision(2)}</dd>
              </>
            )}
            {(
              [
                ['Wasserstein', data.distances?.wasserstein],
                ['Jensen-Shannon', data.distances?.jensenShannon],
                ['Population stability', data.distances?.populationStability],
              ] as const
            ).flatMap(([label, value]) =>
              value === undefined || value === null
                ? []
                : [<dt key={label}>{label}</dt>, <dd key={`${label} value`}>{formatNumber(value)}</dd>],
            )}
            <dt>Rows</dt>
            <dd>
              {data.current.rowCount.toLocaleString('en-US')} against{' '}
              {data.reference.rowCount.toLocaleString('en-US')}
            </dd>
            <dt>Empty</dt>
            <dd>
              {shareOf(data.current)}, in the reference {shareOf(data.reference)}
            </dd>
          </dl>
        </>
      )}
    </SidePanel>
  );
}

const shareOf = ({ missingCount, rowCount }: { missingCount: number; rowCount: number }): string =>
  rowCount === 0 ? 'no rows' : percentText(missingCount / rowCount);
