import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Incident } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { useChange } from '../../app/use-change.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { actions, rest, TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import { useNow } from '../../ui/use-now.ts';
import styles from './monitoring.module.css';
import { monitorsKey } from './use-monitors.ts';

const weekMs = 7 * 86_400_000;

/** What was amiss, each time once: when, how gravely, with a note, and the ways to put it off and to close it. */
export function IncidentList({
  incidents,
  projectId,
}: {
  incidents: readonly Incident[];
  projectId: string;
}) {
  return (
    <section aria-labelledby="incidents">
      <h2 id="incidents" className={tables.heading}>
        Incidents
        <span className={tables.quiet}>
          an incident can start a pipeline:{' '}
          <Link href={`/projects/${projectId}/pipelines/triggers`} className={styles.inText}>
            add a trigger
          </Link>
        </span>
      </h2>
      {incidents.length === 0 ? (
        <p className={tables.quiet}>None.</p>
      ) : (
        <table className={tables.table}>
          <TableHead columns={['Chunks', 'Severity', 'State', rest('Gravest'), 'Note', actions]} />
          <tbody>
            {incidents.map((incident) => (
              <IncidentRow key={incident.id} incident={incident} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function IncidentRow({ incident }: { incident: Incident }) {
  const { id: incidentId, firstChunk, lastChunk, severity, about, evidence, closedAt, note } = incident;
  const change = useChange(
    monitorsKey,
    (asked: { note?: string; snoozedUntil?: number | null; isClosed?: true }) =>
      engine.monitoring.changeIncident({ incidentId, ...asked }),
  );
  const [text, setText] = useState(note);
  const now = useNow('minute');
  const named = firstChunk === lastChunk ? firstChunk : `${firstChunk} to ${lastChunk}`;
  const isPutOff = incident.snoozedUntil !== null && incident.snoozedUntil > now;
  return (
    <tr>
      <th scope="row">{named}</th>
      <td>{severity}</td>
      <td>
        <StateText incident={incident} isPutOff={isPutOff} />
      </td>
      <td
        className={tables.wrap}
        title={evidence
          .map(({ column, chunk, about: what }) => `${column ?? 'all'} in ${chunk}: ${what}`)
          .join('\n')}
      >
        {about}
        {evidence.length > 1 ? ` (and ${evidence.length - 1} more columns)` : ''}
      </td>
      <td>
        <TextInput
          size="xs"
          className={styles.note ?? ''}
          aria-label={`Note on the incident ${named}`}
          placeholder="A note"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onBlur={() => {
            if (text !== note) change.mutate({ note: text });
          }}
        />
      </td>
      <td className={tables.actions}>
        {closedAt !== null ? null : (
          <>
            <Button
              aria-label={`${isPutOff ? 'Do not put off' : 'Put off for a week'}: ${named}`}
              onClick={() => change.mutate({ snoozedUntil: isPutOff ? null : Date.now() + weekMs })}
            >
              {isPutOff ? 'Do not put off' : 'Put off for a week'}
            </Button>
            <Button aria-label={`Close: ${named}`} onClick={() => change.mutate({ isClosed: true })}>
              Close
            </Button>
          </>
        )}
      </td>
    </tr>
  );
}

function StateText({ incident, isPutOff }: { incident: Incident; isPutOff: boolean }) {
  const { closedAt, closedBy, snoozedUntil, openedAt } = incident;
  if (closedAt !== null)
    return (
      <>
        {closedBy === 'person' ? 'closed' : 'over'} <RelativeTime at={closedAt} />
      </>
    );
  if (isPutOff && snoozedUntil !== null)
    return (
      <>
        put off until <RelativeTime at={snoozedUntil} />
      </>
    );
  return (
    <>
      open, <RelativeTime at={openedAt} />
    </>
  );
}
