import { expect, test } from 'vitest';
import { formatRelativeTime } from './format-time.ts';

const now = Date.UTC(2026, 10, 21, 12);
const hourMs = 3_600_000;

test.each([
  [20_000, 'just now'],
  [5 * 60_000, '5 min ago'],
  [3 * hourMs, '3 h ago'],
  [30 * hourMs, 'yesterday'],
  [4 * 24 * hourMs, '4 days ago'],
])('%d ms ago reads %s', (elapsedMs, text) => expect(formatRelativeTime(now - elapsedMs, now)).toBe(text));

test('a week old is a date, with its year when that is another', () => {
  expect(formatRelativeTime(now - 9 * 24 * hourMs, now)).toBe('12 Nov');
  expect(formatRelativeTime(Date.UTC(2025, 4, 3, 12), now)).toBe('3 May 2025');
});
