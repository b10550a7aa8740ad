import { memo } from 'react';
import { ansiSpans, withoutAnsi } from './ansi-spans.ts';
import styles from './log-view.module.css';

/** One line with its colours; while something is searched the finds are marked instead. */
export const LogText = memo(function LogText({ text, wanted }: { text: string; wanted: string }) {
  if (wanted !== '') {
    const plain = withoutAnsi(text);
    const at = plain.toLowerCase().indexOf(wanted.toLowerCase());
    if (at >= 0) {
      return (
        <>
          {plain.slice(0, at)}
          <mark className={styles.mark}>{plain.slice(at, at + wanted.length)}</mark>
          {plain.slice(at + wanted.length)}
        </>
      );
    }
  }
  return ansiSpans(text).map((span, at) => {
    const isNamed = span.colour !== null && !span.colour.startsWith('rgb');
    if (span.colour === null && !span.isBold && !span.isDim) return span.text;
    return (
      <span
        key={at}
        className={styles.span}
        data-colour={isNamed ? span.colour?.replace('bright-', '') : undefined}
        data-bold={span.isBold || undefined}
        data-dim={span.isDim || undefined}
        style={span.colour !== null && !isNamed ? { color: span.colour } : undefined}
      >
        {span.text}
      </span>
    );
  });
});
