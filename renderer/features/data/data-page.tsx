import { useQuery } from '@tanstack/react-query';
import { engine } from '../../app/engine.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Pending } from '../../ui/pending.tsx';
import styles from './data-page.module.css';

/** The data files that lie in the project's folder. */
export default function DataPage({ projectId }: { projectId: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['findings', projectId],
    queryFn: () => engine.projects.findings({ projectId }),
    staleTime: 30_000,
  });
  const files = data?.filter((finding) => finding.kind === 'data');
  return (
    <PageFrame name="Data">
      {error !== null ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : files === undefined ? (
        <Pending what="the folder" />
      ) : files.length === 0 ? (
        <EmptyState title="No data files in this folder">
          <p>
            Looked through the project’s folder for tables such as CSV, TSV and Parquet. Put data there, or
            open the folder that holds it.
          </p>
        </EmptyState>
      ) : (
        <div className={styles.scroll} tabIndex={0} role="region" aria-label="Data files" data-read>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">File</th>
                <th scope="col">What it is</th>
              </tr>
            </thead>
            <tbody>
              {files.map((file) => (
                <tr key={file.path}>
                  <th scope="row">
                    <code>{file.path}</code>
                  </th>
                  <td>{file.detail}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className={styles.about}>
            Read in place from the project’s folder. Nothing is copied, and none of it leaves this machine.
          </p>
        </div>
      )}
    </PageFrame>
  );
}
