import { signatureParts, type ModelSignature, type RegisteredModel } from '../../../contract/index.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Pending } from '../../ui/pending.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import styles from './models.module.css';
import { useSignatureDiff } from './signature-verdict.tsx';
import type { ReadVersions } from './use-models.ts';
import { useVersionPair } from './use-version-pair.ts';
import { VersionPairBar } from './version-pair-bar.tsx';

const partNames = { inputs: 'Inputs', outputs: 'Outputs', params: 'Params' } as const;

/** What the signatures of two versions do not share, judged, and the later one in full. */
export function SignatureDiffView({
  versions,
  aliases,
  name,
}: {
  versions: ReadVersions;
  aliases: RegisteredModel['aliases'];
  name: string;
}) {
  const pair = useVersionPair(versions.known, aliases);
  const after = pair.after?.version;
  const { data, error, refetch } = useSignatureDiff(name, pair.before?.version, after);
  if (after === undefined) return <EmptyState title="Every version of it was deleted" />;
  return (
    <>
      <VersionPairBar pair={pair} versions={versions} />
      {data === undefined ? (
        error === null ? (
          <Pending what="the signatures" />
        ) : (
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        )
      ) : (
        <ScrollRegion label="Signatures">
          <p className={styles.verdict} data-breaking={data.isBreaking || undefined} role="status">
            {data.verdict}
          </p>
          {data.changes.length === 0 ? null : (
            <table className={tables.table}>
              <TableHead columns={['Field', 'Of the', 'Before', 'After', 'Callers']} />
              <tbody>
                {data.changes.map(
                  ({ part, name: field, kind, before: was, after: is, isBreaking, because }) => (
                    <tr key={`${part} ${field} ${kind}`}>
                      <th scope="row">
                        <code>{field}</code>
                      </th>
                      <td>{part}</td>
                      <td>{was ?? '–'}</td>
                      <td>{is ?? '–'}</td>
                      <td className={tables.wrap}>
                        <span className={isBreaking ? styles.broken : undefined}>
                          {isBreaking ? 'breaks' : 'goes on'}
                        </span>
                        : {because}
                      </td>
                    </tr>
                  ),
                )}
              </tbody>
            </table>
          )}
          {data.after === null ? null : (
            <Signature signature={data.after} title={`Version ${after} in full`} />
          )}
        </ScrollRegion>
      )}
    </>
  );
}

function Signature({ signature, title }: { signature: ModelSignature; title: string }) {
  return (
    <section aria-label={title}>
      <h2 className={tables.heading}>{title}</h2>
      <table className={tables.table}>
        <TableHead columns={['Field', 'Of the', 'Type', 'Needed']} />
        <tbody>
          {signatureParts.flatMap((part) =>
            signature[part].map((field) => (
              <tr key={`${part} ${field.name}`}>
                <th scope="row">
                  <code>{field.name}</code>
                </th>
                <td>{partNames[part]}</td>
                <td>{field.type}</td>
                <td>
                  {field.default === null ? (field.isRequired ? 'yes' : 'no') : `else ${field.default}`}
                </td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </section>
  );
}
