import type { Span } from '../../../contract/index.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { formatDuration } from '../../ui/format-duration.ts';
import styles from './run-traces.module.css';

/** What went into a span and came out, what it noted, and what happened in it. Texts only; nothing is ever run. */
export function SpanDetail({ span, traceStartedAt }: { span: Span; traceStartedAt: number }) {
  return (
    <div className={styles.detail} role="region" aria-label={`Span ${span.name}`} tabIndex={0}>
      {span.statusMessage === '' ? null : <p className={styles.failed}>{span.statusMessage}</p>}
      {span.inputs === null ? null : <Value name="Inputs" value={span.inputs} />}
      {span.outputs === null ? null : <Value name="Outputs" value={span.outputs} />}
      {span.events.map((event, index) => (
        <section key={index}>
          <h3 className={styles.part}>
            {event.name}{' '}
            <span className={styles.quiet}>
              after {formatDuration(Math.max(0, event.at - traceStartedAt))}
            </span>
          </h3>
          <Pairs pairs={event.attributes} />
        </section>
      ))}
      {span.attributes.length === 0 ? null : (
        <section>
          <h3 className={styles.part}>Attributes</h3>
          <Pairs pairs={span.attributes} />
        </section>
      )}
    </div>
  );
}

function Value({ name, value }: { name: string; value: string }) {
  return (
    <section>
      <h3 className={styles.part}>
        {name} <CopyButton text={value} what={`the ${name.toLowerCase()}`} />
      </h3>
      <pre className={styles.value}>{prettyJson(value)}</pre>
    </section>
  );
}

function Pairs({ pairs }: { pairs: readonly { key: string; value: string }[] }) {
  return (
    <dl className={styles.pairs}>
      {pairs.map(({ key, value }) => (
        <div key={key}>
          <dt>{key}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** With line breaks where it is JSON with parts; numbers keep their digits where JavaScript has them all. */
function prettyJson(text: string): string {
  if (!/^\s*[[{]/.test(text) || /\d{16}/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text; // not JSON after all
  }
}
