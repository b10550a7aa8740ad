import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { StorageUsage } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import { StorageCheck } from './storage-check.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import tables from '../../ui/table.module.css';
import styles from './storage-page.module.css';
import { UnusedFiles } from './unused-files.tsx';
import { useVerify } from './use-verify.ts';

const kindNames = {
  artifacts: 'Artifacts of runs and models',
  data: 'Versions of data',
  code: 'Files kept beside the code of runs',
} as const satisfies Record<StorageUsage['kinds'][number]['kind'], string>;

const folderNames = {
  objects: 'Stored files',
  store: 'Metrics, params and everything else in benchtop.db',
  runs: 'Console output',
  source: 'Code of runs outside of a repository',
  environments: 'Environments made for reproductions',
  models: 'Models written out for programs',
  scratch: 'Folders of reproductions',
  references: 'What drift reports keep of their references',
  backups: 'Backups of benchtop.db',
} as const satisfies Record<StorageUsage['onDisk'][number]['name'], string>;

/** What is stored and what it takes, whether it is sound, and what could go. */
export default function StoragePage() {
  const verify = useVerify();
  const {
    data: usage,
    error,
    refetch,
  } = useQuery({
    queryKey: ['storage', 'usage'],
    queryFn: ({ signal }) => engine.objects.usage({}, { signal }),
    gcTime: 0,
  });
  return (
    <PageFrame
      name="Storage"
      beside={
        usage === undefined ? null : (
          <span role="status">
            {`${formatBytes(usage.onDisk.reduce((sum, { bytes }) => sum + bytes, 0))} on this disk`}
          </span>
        )
      }
      actions={
        verify.isRunning ? (
          <Button onClick={verify.cancel}>Cancel the check</Button>
        ) : (
          <Button onClick={() => verify.start({ repair: false })}>Check all now</Button>
        )
      }
    >
      {error !== null ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : usage === undefined ? (
        <Pending what="what is stored" />
      ) : (
        <ScrollRegion label="What is stored">
          <StorageCheck verify={verify} packs={usage.packs} />
          <Sizes
            title="Stored files, by what refers to them"
            about={`Each content is kept once: ${formatCount(usage.stored.files)} files of ${formatBytes(usage.stored.bytes)} take ${formatBytes(usage.packs.bytes)}. One that several refer to counts with each.`}
            rows={usage.kinds.map(({ kind, files, bytes }) => ({ name: kindNames[kind], files, bytes }))}
          />
          <UnusedFiles unreferenced={usage.unreferenced} recoverable={usage.recoverable} />
          <Sizes
            title="On this disk"
            about="What Benchtop’s own folder takes. Your projects are elsewhere."
            rows={usage.onDisk.map(({ name, bytes }) => ({ name: folderNames[name], files: null, bytes }))}
          />
        </ScrollRegion>
      )}
    </PageFrame>
  );
}

function Sizes({
  title,
  about,
  rows,
}: {
  title: string;
  about: string;
  rows: readonly { name: string; files: number | null; bytes: number }[];
}) {
  return (
    <section className={styles.section} aria-label={title}>
      <h2>{title}</h2>
      <table className={tables.table}>
        <tbody>
          {rows.map(({ name, files, bytes }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className={tables.number}>
                {files === null ? '' : `${formatCount(files)} ${files === 1 ? 'file' : 'files'}`}
              </td>
              <td className={tables.number}>{formatBytes(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.about}>{about}</p>
    </section>
  );
}
