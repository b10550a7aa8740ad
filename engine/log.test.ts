import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createLog } from './log.ts';

test('what is logged is a line of the file; where that cannot be written it goes to stderr and nothing is thrown', () => {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-log-'));
  const path = join(folder, 'engine.log');
  const log = createLog(path);
  log.error('It broke.', new Error('why'), { runId: 'r' });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
    level: 'error',
    message: 'It broke.',
    runId: 'r',
    error: { message: 'why' },
  });

  rmSync(folder, { recursive: true });
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  log.info('Still there.');
  expect(stderr.mock.calls.join()).toContain('"message":"Still there."');
  stderr.mockRestore();
});
