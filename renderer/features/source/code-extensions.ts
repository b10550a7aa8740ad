import { json } from '@codemirror/lang-json';
import { python } from '@codemirror/lang-python';
import { yaml } from '@codemirror/lang-yaml';
import { syntaxHighlighting } from '@codemirror/language';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { styleNonce } from '../../app/trusted-types.ts';

const monospace = { fontFamily: 'var(--font-mono)', fontSize: '12px', lineHeight: '18px' };

/** The window's tokens; one theme for light and dark, since the tokens change with it. */
const look = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'var(--surface)' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-scroller': monospace,
  '.cm-gutters': { color: 'var(--muted)', backgroundColor: 'var(--surface)', border: 'none' },
  '.cm-collapsedLines': {
    color: 'var(--muted)',
    background: 'var(--raised)',
    fontFamily: 'var(--font-ui)',
    padding: '4px 12px',
  },
  // The library's own signs there are in few fonts.
  '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: '"…"' },
  '.tok-comment': { color: 'var(--muted)' },
  '.tok-keyword, .tok-operatorKeyword': { color: 'var(--accent)' },
  '.tok-string, .tok-string2': { color: 'var(--passed)' },
  '.tok-number, .tok-bool, .tok-atom': { color: 'var(--amber)' },
});

/** A text to be read, not changed, in the language that its name tells. */
export function codeExtensions(path: string, label: string): Extension {
  return [
    EditorView.cspNonce.of(styleNonce),
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorView.contentAttributes.of({ 'aria-label': label, 'aria-readonly': 'true', tabindex: '0' }),
    lineNumbers(),
    languageOf(path),
    syntaxHighlighting(classHighlighter),
    look,
  ];
}

function languageOf(path: string): Extension {
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  if (['py', 'pyw', 'pyi'].includes(ending)) return python();
  if (['json', 'ipynb', 'jsonl'].includes(ending)) return json();
  return ending === 'yaml' || ending === 'yml' || path.endsWith('dvc.lock') ? yaml() : [];
}
