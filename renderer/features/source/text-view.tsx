import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { codeExtensions } from './code-extensions.ts';
import styles from './code-view.module.css';

/** One text, to be read. */
export default function TextView({ path, text }: { path: string; text: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const parent = place.current;
    if (parent === null) return;
    const view = new EditorView({ parent, doc: text, extensions: codeExtensions(path, path) });
    return () => view.destroy();
  }, [path, text]);
  return <div ref={place} className={styles.text} />;
}
