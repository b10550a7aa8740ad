import { Fragment, memo } from 'react';
import { ansiSpans, withoutAnsi } from './ansi-spans.ts';
import { findsInText, type LogQuery } from './log-search.ts';
import styles from './log-view.module.css';

/** One line with its colours; where something that is searched stands in it, that is marked instead. */
export const LogText = memo(function LogText({ text, query }: { text: string; query: LogQuery }) {
  if (query.text !== '') {
    const plain = withoutAnsi(text);
    const finds = findsInText(plain, query);
    if (finds.length > 0) {
      return (
        <>
          {finds.map(([from, to], at) => (
            <Fragment key={from}>
              {plain.slice(finds[at - 1]?.[1] ?? 0, from)}
              <mark className={styles.mark}>{plain.slice(from, to)}</mark>
            </Fragment>
          ))}
          {plain.slice(finds.at(-1)?.[1])}
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
