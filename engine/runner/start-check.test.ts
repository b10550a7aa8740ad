import { expect, test } from 'vitest';
import { checkSecrets } from './start-check.ts';

test('a recorded command whose secret was left out is not started with the mark in its place', () => {
  const refusal = (command: string[], env = {}) => {
    try {
      checkSecrets(command, env);
      return null;
    } catch (error) {
      return error;
    }
  };
  expect(refusal(['python', 'train.py', '--api-key=[redacted]'])).toMatchObject({
    code: 'invalid-input',
    evidence: '--api-key=[redacted]',
  });
  expect(refusal(['python', 'train.py'], { API_TOKEN: '[redacted]' })).toMatchObject({
    code: 'invalid-input',
  });
  expect(refusal(['python', 'train.py', '--api-key=abc'], { API_TOKEN: 'abc' })).toBeNull();
});
