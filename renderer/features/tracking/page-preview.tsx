import { useEffect, useRef, useState } from 'react';
import { styleNonce } from '../../app/trusted-types.ts';
import choices from '../../ui/choice-buttons.module.css';
import { framedPage } from './framed-page.ts';
import styles from './run-artifacts.module.css';

/** A recorded HTML file as a page without scripts, network or a way out, or as its text. */
export function PagePreview({ path, html }: { path: string; html: string }) {
  const [isSource, showSource] = useState(false);
  return (
    <>
      <div className={`${choices.choice} ${styles.ways}`} role="group" aria-label="Show as">
        <button type="button" aria-pressed={!isSource} onClick={() => showSource(false)}>
          Page
        </button>
        <button type="button" aria-pressed={isSource} onClick={() => showSource(true)}>
          Source
        </button>
        <span className={styles.quiet}>
          {isSource ? '' : 'Without scripts and without network. Save a copy to open it in a browser.'}
        </span>
      </div>
      {isSource ? (
        <pre className={styles.content} tabIndex={0}>
          {html}
        </pre>
      ) : (
        <Frame path={path} html={html} />
      )}
    </>
  );
}

function Frame({ path, html }: { path: string; html: string }) {
  const ref = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    const frame = ref.current;
    if (frame === null) return;
    const url = URL.createObjectURL(new Blob([framedPage(html, styleNonce)], { type: 'text/html' }));
    frame.src = url;
    return () => URL.revokeObjectURL(url);
  }, [html]);
  return (
    <iframe
      ref={ref}
      className={styles.frame}
      title={`Preview of ${path}`}
      sandbox=""
      referrerPolicy="no-referrer"
    />
  );
}
