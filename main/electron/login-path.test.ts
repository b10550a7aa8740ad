import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { askShell, isFromIcon, joinedPath, pathBetweenMarks, takeLoginPath } from './login-path.ts';

const root = mkdtempSync(join(tmpdir(), 'benchtop-login-path-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A shell whose start-up file says something of its own. */
function shellThat(name: string, script: string): string {
  const path = join(root, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

test('only a program without a terminal asks the shell', () => {
  expect(isFromIcon({ TERM: 'xterm-256color' }, 'linux')).toBe(false);
  expect(isFromIcon({}, 'linux')).toBe(true);
  expect(isFromIcon({ TERM: 'dumb' }, 'darwin')).toBe(true);
  expect(isFromIcon({}, 'win32')).toBe(false);
});

test('the PATH is what stands between the marks, whatever the start-up files greet with', () => {
  expect(pathBetweenMarks('PATH=/motd\nhello\n#A=1\nPATH=/opt/bin:/usr/bin\nB=2\n#bye', '#')).toBe(
    '/opt/bin:/usr/bin',
  );
  expect(pathBetweenMarks('PATH=/motd', '#')).toBeNull();
  expect(pathBetweenMarks('#HOME=/\n#', '#')).toBeNull();
});

test('the shell’s folders go before the session’s, each once', () => {
  expect(joinedPath('/conda/bin:/usr/bin:.', '/usr/bin:/snap/bin')).toBe('/conda/bin:/usr/bin:/snap/bin');
});

test('a real shell tells its PATH; what was said last time is there before it is asked', async () => {
  const shell = shellThat('greets', 'echo welcome; PATH=/from/rc:$PATH; export PATH; eval "$2"');
  const kept = join(root, 'home', 'login-path.json');
  const env: Record<string, string | undefined> = { SHELL: shell, PATH: '/usr/bin:/bin' };
  await takeLoginPath(env, kept);
  expect(env['PATH']).toBe('/from/rc:/usr/bin:/bin');
  expect(JSON.parse(readFileSync(kept, 'utf8'))).toMatchObject({ shell, path: '/from/rc:/usr/bin:/bin' });
  const next: Record<string, string | undefined> = { SHELL: shell, PATH: '/usr/bin:/bin' };
  const asked = takeLoginPath(next, kept);
  expect(next['PATH']).toBe('/from/rc:/usr/bin:/bin');
  await asked;
});

test('a shell that hangs, fails or is not there costs the time limit at most and changes nothing', async () => {
  expect(await askShell(shellThat('hangs', 'sleep 60 & wait'), {}, 200)).toBeNull();
  expect(await askShell(shellThat('fails', 'exit 3'), {})).toBeNull();
  expect(await askShell(join(root, 'missing'), {})).toBeNull();
});
