import { MergeView } from '@codemirror/merge';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { codeExtensions } from './code-extensions.ts';
import styles from './code-view.module.css';

/** Two texts side by side, what differs marked, and long stretches of the same folded. */
export default function DiffView({ path, before, after }: { path: string; before: string; after: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const parent = place.current;
    if (parent === null) return;
    const extensions = (label: string) => [codeExtensions(path, label), EditorView.lineWrapping];
    const view = new MergeView({
      parent,
      a: { doc: before, extensions: extensions(`${path}, before`) },
      b: { doc: after, extensions: extensions(`${path}, after`) },
      gutter: true,
      highlightChanges: true,
      collapseUnchanged: { margin: 3, minSize: 6 },
      // A file of a megabyte with nothing in common must not hold the window up.
      diffConfig: { scanLimit: 2000, timeout: 500 },
    });
    return () => view.destroy();
  }, [path, before, after]);
  return <div ref={place} className={styles.sides} />;
}
