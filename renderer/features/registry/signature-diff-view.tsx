import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { ModelSignature, ModelVersion } from '../../../contract/index.ts';
import { signatureParts } from '../../../contract/index.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Pending } from '../../ui/pending.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import tables from '../../ui/table.module.css';
import styles from './models.module.css';
import { useSignatureDiff } from './signature-verdict.tsx';

const partNames = { inputs: 'Inputs', outputs: 'Outputs', params: 'Params' } as const;

/** What the signatures of two versions do not share, judged, and the later one in full. From the champion to the newest at first. */
export function SignatureDiffView({
  versions,
  champion,
  name,
}: {
  versions: readonly ModelVersion[];
  champion: number | null;
  name: string;
}) {
  const newest = versions[0]?.version;
  const [chosen, choose] = useState<{ before: number | null; after: number | null }>({
    before: null,
    after: null,
  });
  const after = chosen.after ?? newest;
  const before =
    chosen.before ?? (champion === null || champion === after ? versions[1]?.version : champion) ?? after;
  const { data, error, refetch } = useSignatureDiff(name, before, after);
  if (newest === undefined) return <EmptyState title="Every version of it was deleted" />;
  const numbers = versions.map(({ version }) => ({ value: String(version), label: `version ${version}` }));
  return (
    <>
      <div className={styles.bar}>
        <NativeSelect
          size="xs"
          aria-label="From"
          data={numbers}
          value={String(before)}
          onChange={(event) => choose({ ...chosen, before: Number(event.currentTarget.value) })}
        />
        →
        <NativeSelect
          size="xs"
          aria-label="To"
          data={numbers}
          value={String(after)}
          onChange={(event) => choose({ ...chosen, after: Number(event.currentTarget.value) })}
        />
      </div>
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
              <thead>
                <tr>
                  <th scope="col">Field</th>
                  <th scope="col">Of the</th>
                  <th scope="col">Before</th>
                  <th scope="col">After</th>
                  <th scope="col">Callers</th>
                </tr>
              </thead>
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
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Of the</th>
            <th scope="col">Type</th>
            <th scope="col">Needed</th>
          </tr>
        </thead>
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
