export type Span =
  | { readonly kind: 'text' | 'code' | 'strong' | 'emphasis'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly address: string };

export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly spans: readonly Span[] }
  | { readonly kind: 'paragraph' | 'quote'; readonly spans: readonly Span[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly isOrdered: boolean; readonly items: readonly (readonly Span[])[] }
  | { readonly kind: 'table'; readonly rows: readonly (readonly (readonly Span[])[])[] }
  | { readonly kind: 'rule' };

const bullet = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/;
const tableRule = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

/**
 * The parts of CommonMark and GitHub's tables that notes and model cards use: headings, paragraphs, lists of one level, fenced
 * code, quotes, tables, rules; in them code, strong, emphasis and links. HTML stays the text that it is. A YAML head, as model
 * cards have it, becomes a block of code.
 */
export function parseMarkdown(text: string): Block[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const blocks: Block[] = [];
  let at = 0;
  if (lines[0] === '---') {
    const end = lines.indexOf('---', 1);
    if (end > 0) {
      blocks.push({ kind: 'code', text: lines.slice(1, end).join('\n') });
      at = end + 1;
    }
  }
  /** Takes lines while they belong together. */
  const take = (isPart: (line: string) => boolean): string[] => {
    const taken: string[] = [];
    while (at < lines.length && isPart(lines[at] ?? '')) taken.push(lines[at++] ?? '');
    return taken;
  };
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
    const fence = /^\s*(```+|~~~+)/.exec(line)?.[1];
    if (line.trim() === '') at++;
    else if (fence !== undefined) {
      at++;
      const code = take((each) => !each.trim().startsWith(fence));
      at++;
      blocks.push({ kind: 'code', text: code.join('\n') });
    } else if (heading !== null) {
      at++;
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, spans: parseSpans(heading[2] ?? '') });
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) {
      at++;
      blocks.push({ kind: 'rule' });
    } else if (line.includes('|') && tableRule.test(lines[at + 1] ?? '') && lines[at + 1]?.includes('-')) {
      const rows = take((each) => each.includes('|')).filter((_, row) => row !== 1);
      blocks.push({ kind: 'table', rows: rows.map((row) => cellsOf(row).map(parseSpans)) });
    } else if (line.startsWith('>')) {
      const quoted = take((each) => each.startsWith('>')).map((each) => each.replace(/^>\s?/, ''));
      blocks.push({ kind: 'quote', spans: parseSpans(quoted.join(' ')) });
    } else if (bullet.test(line)) {
      const isOrdered = bullet.exec(line)?.[1] !== undefined;
      const items: string[] = [];
      for (const each of take((other) => bullet.test(other) || /^\s+\S/.test(other))) {
        const item = bullet.exec(each)?.[2];
        if (item !== undefined) items.push(item);
        else items.push(`${items.pop() ?? ''} ${each.trim()}`);
      }
      blocks.push({ kind: 'list', isOrdered, items: items.map(parseSpans) });
    } else {
      const first = lines[at++] ?? '';
      const more = take(
        (each) => each.trim() !== '' && !/^(#{1,6}\s|>|\s*(```|~~~))/.test(each) && !bullet.test(each),
      );
      blocks.push({ kind: 'paragraph', spans: parseSpans([first, ...more].join(' ')) });
    }
  }
  return blocks;
}

const cellsOf = (row: string) =>
  row
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());

/** A sign behind a backslash is itself. */
const escapedSign = /\\([!-/:-@[-`{-~])/;
const plain = (text: string) => text.replaceAll(new RegExp(escapedSign, 'g'), '$1');

const spanPattern = new RegExp(
  [
    escapedSign.source,
    /(`+)(.+?)\2/.source,
    /\*\*(.+?)\*\*/.source,
    /__(.+?)__/.source,
    /\*([^*\s](?:[^*]*[^*\s])?)\*/.source,
    /(?<![\p{L}\p{N}_])_([^_\s](?:[^_]*[^_\s])?)_(?![\p{L}\p{N}_])/u.source,
    /!?\[([^\]]*)\]\(([^)\s]*)[^)]*\)/.source,
  ].join('|'),
  'gu',
);

export function parseSpans(text: string): Span[] {
  const spans: Span[] = [];
  const addText = (more: string) => {
    const last = spans.at(-1);
    if (last?.kind === 'text') spans[spans.length - 1] = { kind: 'text', text: last.text + more };
    else if (more !== '') spans.push({ kind: 'text', text: more });
  };
  let end = 0;
  for (const match of text.matchAll(spanPattern)) {
    addText(text.slice(end, match.index));
    const [, sign, , code, starred, underlined, star, underline, linkText, address] = match;
    const strong = starred ?? underlined;
    const emphasis = star ?? underline;
    if (sign !== undefined) addText(sign);
    else if (code !== undefined) spans.push({ kind: 'code', text: code.trim() });
    else if (strong !== undefined) spans.push({ kind: 'strong', text: plain(strong) });
    else if (emphasis !== undefined) spans.push({ kind: 'emphasis', text: plain(emphasis) });
    else spans.push({ kind: 'link', text: plain(linkText ?? ''), address: address ?? '' });
    end = match.index + match[0].length;
  }
  addText(text.slice(end));
  return spans;
}
