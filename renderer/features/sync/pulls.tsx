import { Button } from '@mantine/core';
import type { Pull } from '../../../contract/index.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { actions, numbers, rest, TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import { PullProgress } from './pull-progress.tsx';
import { usePullChanges, usePulls } from './use-pulls.ts';

const verifiedWords = {
  sums: 'held against the sums that the target keeps',
  'second-reading': 'read there twice, with the same result',
} as const;

/** What was fetched from the team, with how it was verified and where it comes from. */
export function Pulls() {
  const { data, error, refetch } = usePulls();
  if (error !== null) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Pending what="what was fetched" />;
  if (data.length === 0)
    return (
      <EmptyState title="Nothing was fetched yet">
        <p>Below Models stands what your team has registered. Pull a version from there.</p>
        <pre>benchtop pull churn@champion --target team --register</pre>
      </EmptyState>
    );
  return (
    <ScrollRegion label="Fetched">
      <table className={tables.table}>
        <TableHead
          columns={['Version', 'From', 'State', ...numbers('Files', 'Size'), 'When', rest('Here'), actions]}
        />
        <tbody>
          {data.map((pull) => (
            <PullRow key={pull.id} pull={pull} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function PullRow({ pull }: { pull: Pull }) {
  const { name, version, target, state, fileCount, totalBytes, verifiedBy, error, origin, updatedAt } = pull;
  const { again, remove } = usePullChanges(pull);
  const said = [
    pull.registeredAs === null ? '' : `registered as ${pull.registeredAs}`,
    pull.destination === null ? '' : `written to ${pull.destination}`,
    state === 'verified' && verifiedBy !== null ? verifiedWords[verifiedBy] : '',
    error !== null && state === 'failed' ? `${error.what} ${error.next ?? ''}` : '',
  ].filter((part) => part !== '');
  return (
    <tr>
      <th scope="row">
        {name}/{version}
      </th>
      <td title={`${origin.address}${origin.runId === null ? '' : `, run ${origin.runId}`}`}>{target}</td>
      <td>{state === 'pulling' ? <PullProgress pull={pull} /> : state}</td>
      <td className={tables.number}>{formatCount(fileCount)}</td>
      <td className={tables.number}>{formatBytes(totalBytes)}</td>
      <td>
        <RelativeTime at={updatedAt} />
      </td>
      <td className={tables.wrap}>{said.join(' · ')}</td>
      <td className={tables.actions}>
        {state === 'failed' || state === 'cancelled' ? (
          <Button size="compact-xs" loading={again.isPending} onClick={() => again.mutate(undefined)}>
            Go on
          </Button>
        ) : null}
        {state === 'pulling' ? null : (
          <Button
            size="compact-xs"
            aria-label={`Remove ${name}/${version}`}
            loading={remove.isPending}
            onClick={() => remove.mutate(undefined)}
          >
            Remove
          </Button>
        )}
      </td>
    </tr>
  );
}
