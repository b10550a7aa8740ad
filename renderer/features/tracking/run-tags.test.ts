import { expect, test } from 'vitest';
import { tagChange, tagLine } from './run-tags.ts';

const run = { tags: { 'mlflow.user': 'ada', final: 'true', team: 'vision', bare: '' } };

test('the line shows a person’s tags and hides the clients’ own', () => {
  expect(tagLine(run)).toBe('final, team=vision, bare');
});

test('a line left as it is changes nothing', () => {
  expect(tagChange(run, tagLine(run))).toEqual({ setTags: {}, removeTags: [] });
});

test('tags come, go and change; blanks and empty parts do not count', () => {
  expect(tagChange(run, ' team = audio ,, new,final ')).toEqual({
    setTags: { team: 'audio', new: 'true' },
    removeTags: ['bare'],
  });
});

test('a value may hold an equals sign, a client’s tag is never removed', () => {
  expect(tagChange(run, 'formula=a=b')).toEqual({
    setTags: { formula: 'a=b' },
    removeTags: ['final', 'team', 'bare'],
  });
});
