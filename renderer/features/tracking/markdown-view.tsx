import { createElement, useMemo } from 'react';
import { assertNever } from '../../../contract/index.ts';
import { parseMarkdown, type Block, type Span } from './parse-markdown.ts';
import styles from './run-artifacts.module.css';

/** Markdown as it is meant to be read. A link shows where it leads and leads nowhere: the file is somebody's data. */
export function MarkdownView({ text }: { text: string }) {
  const blocks = useMemo(() => parseMarkdown(text), [text]);
  return (
    <div className={`${styles.content} ${styles.markdown}`} tabIndex={0} role="region" aria-label="Text">
      {blocks.map((block, at) => (
        <BlockView key={at} block={block} />
      ))}
    </div>
  );
}

function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case 'heading':
      // The page's own name is the only first heading.
      return createElement(`h${Math.min(6, block.level + 1)}`, {}, <Spans spans={block.spans} />);
    case 'paragraph':
      return (
        <p>
          <Spans spans={block.spans} />
        </p>
      );
    case 'quote':
      return (
        <blockquote>
          <Spans spans={block.spans} />
        </blockquote>
      );
    case 'code':
      return <pre>{block.text}</pre>;
    case 'list':
      return createElement(
        block.isOrdered ? 'ol' : 'ul',
        {},
        block.items.map((spans, at) => (
          <li key={at}>
            <Spans spans={spans} />
          </li>
        )),
      );
    case 'table': {
      const [head = [], ...body] = block.rows;
      return (
        <table className={styles.cells}>
          <thead>
            <tr>
              {head.map((spans, at) => (
                <th key={at} scope="col">
                  <Spans spans={spans} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {body.map((row, at) => (
              <tr key={at}>
                {row.map((spans, column) => (
                  <td key={column}>
                    <Spans spans={spans} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      );
    }
    case 'rule':
      return <hr />;
    default:
      return assertNever(block);
  }
}

function Spans({ spans }: { spans: readonly Span[] }) {
  return spans.map((span, at) => {
    switch (span.kind) {
      case 'text':
        return <span key={at}>{span.text}</span>;
      case 'code':
        return <code key={at}>{span.text}</code>;
      case 'strong':
        return <strong key={at}>{span.text}</strong>;
      case 'emphasis':
        return <em key={at}>{span.text}</em>;
      case 'link':
        return (
          <span key={at} title={span.address}>
            {span.text === '' ? span.address : span.text}
            {span.text === '' || span.text === span.address ? null : (
              <span className={styles.quiet}> ({span.address})</span>
            )}
          </span>
        );
      default:
        return assertNever(span);
    }
  });
}
