import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { openProcessPort } from './process-port.ts';

test('messages and columns pass between a process and its child, and either hears of the other’s end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-port-'));
  const path = join(folder, 'echo.ts');
  const source = pathToFileURL(join(import.meta.dirname, 'process-port.ts')).href;
  writeFileSync(
    path,
    `import { openProcessPort } from '${source}';
const port = openProcessPort(process);
port.onClose(() => process.exit(3));
port.onMessage((message) => void port.post(message));
process.send('ready');
`,
  );
  const child = fork(path, { serialization: 'advanced' });
  try {
    await new Promise((resolve) => child.once('message', resolve));
    const port = openProcessPort(child);
    const answer = new Promise((resolve) => port.onMessage(resolve));
    const message = { kind: 'next', id: 7, cursor: '1', event: { loss: Float64Array.of(0.5, NaN) } } as const;
    await port.post(message);
    expect(await answer).toEqual(message);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const closed = new Promise<void>((resolve) => port.onClose(resolve));
    port.close();
    expect(await ended).toBe(3);
    await closed;
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
