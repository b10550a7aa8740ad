import { expect, test } from 'vitest';
import { parseMarkdown, parseSpans } from './parse-markdown.ts';

test('a model card: YAML head, headings, lists, tables, code', () => {
  const card = [
    '---',
    'license: cc0-1.0',
    '---',
    '# Delays',
    'Two lines',
    'of **text**.',
    '',
    '- one',
    '- two',
    '  goes on',
    '',
    '| metric | value |',
    '|---|---:|',
    '| auc | 0.7 |',
    '```py',
    '# not a heading',
    '```',
    '> said',
    '---',
  ].join('\r\n');
  expect(parseMarkdown(card).map(({ kind }) => kind)).toEqual([
    'code',
    'heading',
    'paragraph',
    'list',
    'table',
    'code',
    'quote',
    'rule',
  ]);
  expect(parseMarkdown(card)[3]).toMatchObject({ items: [[{ text: 'one' }], [{ text: 'two goes on' }]] });
  expect(parseMarkdown(card)[4]).toMatchObject({
    rows: [
      [[{ text: 'metric' }], [{ text: 'value' }]],
      [[{ text: 'auc' }], [{ text: '0.7' }]],
    ],
  });
  expect(parseMarkdown(card)[5]).toEqual({ kind: 'code', text: '# not a heading' });
});

test('spans: code wins over stars, a link keeps its address as data, HTML stays text', () => {
  expect(parseSpans('a `*b*` *c* [d](javascript:alert(1)) <b>')).toEqual([
    { kind: 'text', text: 'a ' },
    { kind: 'code', text: '*b*' },
    { kind: 'text', text: ' ' },
    { kind: 'emphasis', text: 'c' },
    { kind: 'text', text: ' ' },
    { kind: 'link', text: 'd', address: 'javascript:alert(1' },
    { kind: 'text', text: ') <b>' },
  ]);
});

test('a sign behind a backslash is itself, also in a table, and names with underscores stay whole', () => {
  expect(parseSpans('a\\_b \\*c\\* \\[d\\](e) _not known_ base_model_name **x\\|y** `\\_`')).toEqual([
    { kind: 'text', text: 'a_b *c* [d](e) ' },
    { kind: 'emphasis', text: 'not known' },
    { kind: 'text', text: ' base_model_name ' },
    { kind: 'strong', text: 'x|y' },
    { kind: 'text', text: ' ' },
    { kind: 'code', text: '\\_' },
  ]);
  expect(parseMarkdown('| a | b |\n|---|---|\n| x \\| y | z |')).toMatchObject([
    {
      rows: [
        [[{ text: 'a' }], [{ text: 'b' }]],
        [[{ text: 'x | y' }], [{ text: 'z' }]],
      ],
    },
  ]);
});

test('an unclosed fence takes the rest, and an empty text has no blocks', () => {
  expect(parseMarkdown('```\na\nb')).toEqual([{ kind: 'code', text: 'a\nb' }]);
  expect(parseMarkdown('\n \n')).toEqual([]);
});
