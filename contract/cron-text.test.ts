import { expect, test } from 'vitest';
import { scheduleText } from './cron-text.ts';

test.each([
  ['0 3 * * *', 'every day at 03:00'],
  ['30 7,19 * * 1-5', 'Monday to Friday at 07:30 and 19:30'],
  ['0 3 * * 0', 'every Sunday at 03:00'],
  ['15 6 * * 1,3,5', 'every Monday, Wednesday and Friday at 06:15'],
  ['0 4 1 * *', 'on day 1 of every month at 04:00'],
  ['* * * * *', 'every minute'],
  ['*/15 * * * *', 'every 15 minutes'],
  ['5,35 * * * *', 'every hour at :05 and :35'],
  ['0 * * * *', 'every hour at :00'],
  ['0 */6 * * *', 'every 6 hours'],
  ['*/10 * * * 1-5', 'every 10 minutes, Monday to Friday'],
])('%s is %s', (pattern, text) =>
  expect(scheduleText(pattern, 'Asia/Tokyo')).toBe(`${text}, Asia/Tokyo (${pattern})`),
);

test.each([
  '*/7 * * * *',
  '0 3 1 * 1',
  '0 3 * 6 *',
  '0 3 * * MON',
  '0 3 * *',
  '5 */6 * * *',
  '0 3-5 * * *',
  '0 3 L * *',
])('%s says more than plain words do', (pattern) =>
  expect(scheduleText(pattern, 'UTC')).toBe(`${pattern}, UTC`),
);
