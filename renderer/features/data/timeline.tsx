import { Fragment } from 'react';
import { Link } from 'wouter';
import type { DataMoment } from '../../../contract/index.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { formatCount } from '../../ui/format-number.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import { contentText, knownByText, shortVersion } from './data-texts.ts';

/** The versions of a data set, the newest first; two of them are chosen to be compared. */
export function Timeline({
  moments,
  before,
  after,
  projectId,
  onBefore,
  onAfter,
}: {
  moments: readonly DataMoment[];
  before: DataMoment;
  after: DataMoment;
  projectId: string;
  onBefore: (at: number) => void;
  onAfter: (at: number) => void;
}) {
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline" className={tables.heading}>
        Timeline
      </h2>
      <div className={tables.sideways} tabIndex={0} role="region" aria-label="Every version">
        <table className={tables.table}>
          <TableHead
            columns={['Before', 'After', 'Version', 'First seen', 'Last seen', 'Changed', 'Holds', 'Runs']}
          />
          <tbody>
            {moments.map((moment, at) => {
              const name = shortVersion(moment.version);
              return (
                <tr key={moment.firstSeenAt}>
                  <td>
                    <input
                      type="radio"
                      name="before"
                      aria-label={`Compare from ${name}`}
                      checked={moment === before}
                      onChange={() => onBefore(at)}
                    />
                  </td>
                  <td>
                    <input
                      type="radio"
                      name="after"
                      aria-label={`Compare to ${name}`}
                      checked={moment === after}
                      onChange={() => onAfter(at)}
                    />
                  </td>
                  <th scope="row">
                    <code title={moment.version}>{name}</code>{' '}
                    <CopyButton text={moment.version} what={`version ${name}`} />
                  </th>
                  <td>
                    <RelativeTime at={moment.firstSeenAt} />
                  </td>
                  <td>
                    <RelativeTime at={moment.lastSeenAt} />
                  </td>
                  <td>{changeText(moment)}</td>
                  <td title={moment.problems.map(({ path, what }) => `${path}: ${what}`).join('\n')}>
                    {contentText(moment)}
                    {moment.problemCount === 0 ? null : `, ${formatCount(moment.problemCount)} left out`}
                  </td>
                  <td>
                    <Runs moment={moment} projectId={projectId} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const runsShown = 3;

function Runs({ moment: { runs }, projectId }: { moment: DataMoment; projectId: string }) {
  return (
    <>
      {runs.slice(0, runsShown).map(({ runId, name, role, knownBy }, at) => (
        <Fragment key={`${runId} ${role}`}>
          {at === 0 ? null : ', '}
          <span title={knownByText(knownBy)}>{role === 'input' ? 'read by ' : 'written by '}</span>
          <Link href={`/projects/${projectId}/runs/${runId}`}>{name}</Link>
        </Fragment>
      ))}
      {runs.length > runsShown ? ` and ${runs.length - runsShown} more` : null}
    </>
  );
}

function changeText({ files, kind }: DataMoment): string {
  if (files === null) return 'first';
  if (kind === 'file') return 'content';
  const parts = [
    [files.added, 'added'],
    [files.removed, 'removed'],
    [files.changed, 'changed'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${formatCount(count)} ${word}`)
    .join(', ');
}
