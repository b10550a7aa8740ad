import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSecrets } from '../../engine/sync/index.ts';
import { keychainOver, type KeychainQuestion } from './keychain-over.ts';

test('a secret lies sealed in its file, and only the keychain that sealed it opens it', async () => {
  const home = mkdtempSync(join(tmpdir(), 'benchtop-keychain-'));
  try {
    let isLocked = false;
    const host = ({ id, ask, text }: KeychainQuestion) => {
      const answer =
        ask === 'seal'
          ? Buffer.from(Buffer.from(text).map((byte) => byte ^ 255)).toString('base64')
          : Buffer.from(Buffer.from(text, 'base64').map((byte) => byte ^ 255)).toString('utf8');
      setImmediate(() => over.answered(id, isLocked ? null : answer));
    };
    const over = keychainOver(host);
    const secrets = createSecrets(home, over.keychain);
    await secrets.write(7, 'hunter2');
    expect(secrets.whereIs(7)).toBe('keychain');
    expect(readFileSync(join(home, 'secrets.json'), 'utf8')).not.toContain('hunter2');
    expect(await secrets.read(7)).toBe('hunter2');
    isLocked = true;
    await expect(secrets.read(7)).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(createSecrets(home, null).read(7)).rejects.toMatchObject({ code: 'not-allowed' });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
