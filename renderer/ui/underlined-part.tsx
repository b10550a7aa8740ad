import { useLayoutEffect, useRef } from 'react';
import styles from './underlined-part.module.css';

/**
 * Underlines a part of the text in the one-line input beside it, which cannot do that itself: the same text, invisible, lies over the
 * input letter by letter and scrolls with it.
 * @param at in UTF-16 units; a place behind the text is shown at its end.
 */
export function UnderlinedPart({ text, at }: { text: string; at: { offset: number; length: number } }) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const copy = ref.current;
    const input = copy?.parentElement?.querySelector('input');
    if (copy === null || input === null || input === undefined) return;
    const { font, letterSpacing, paddingLeft, paddingRight, borderLeftWidth, borderRightWidth } =
      getComputedStyle(input);
    Object.assign(copy.style, { font, letterSpacing });
    copy.style.left = `calc(${paddingLeft} + ${borderLeftWidth})`;
    copy.style.right = `calc(${paddingRight} + ${borderRightWidth})`;
    copy.style.lineHeight = `${input.clientHeight}px`;
    const follow = () => (copy.scrollLeft = input.scrollLeft);
    follow();
    input.addEventListener('scroll', follow);
    return () => input.removeEventListener('scroll', follow);
  }, [text, at]);
  const end = at.offset + Math.max(1, at.length);
  return (
    <div ref={ref} className={styles.copy} aria-hidden>
      {text.slice(0, at.offset)}
      <span className={styles.part}>{text.slice(at.offset, end) || '\u2002'}</span>
      {text.slice(end)}
    </div>
  );
}
