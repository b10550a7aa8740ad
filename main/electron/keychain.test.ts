import { expect, test } from 'vitest';
import { askKeychain, type SealingStorage } from './keychain.ts';

// Electron's own binary is needed for the real one; this has its interface, and turns each byte over in place of sealing.
const turned = (bytes: Uint8Array): Buffer => Buffer.from(bytes.map((byte) => byte ^ 0xff));
const storage = (change: Partial<SealingStorage> = {}): SealingStorage => ({
  getSelectedStorageBackend: () => 'gnome_libsecret',
  isAsyncEncryptionAvailable: async () => true,
  encryptStringAsync: async (text) => turned(Buffer.from(text)),
  decryptStringAsync: async (sealed) => ({ result: turned(sealed).toString(), shouldReEncrypt: false }),
  ...change,
});

test('a secret is sealed as base64 that does not tell it, and opened again', async () => {
  const sealed = await askKeychain(storage(), 'linux', 'seal', 'gehéim');
  expect(sealed).toMatch(/^[A-Za-z0-9+/]+=*$/);
  expect(Buffer.from(sealed ?? '', 'base64').toString()).not.toContain('geh');
  expect(await askKeychain(storage(), 'linux', 'open', sealed ?? '')).toBe('gehéim');
});

test('no keyring, one that does not answer, a locked one, and one of another user are no keychain', async () => {
  const plain = storage({ getSelectedStorageBackend: () => 'basic_text' });
  expect(await askKeychain(plain, 'linux', 'seal', 'x')).toBe(null);
  const early = storage({ getSelectedStorageBackend: () => 'unknown' });
  expect(await askKeychain(early, 'linux', 'seal', 'x')).toBe(null);
  // The desktop has a keyring, and it was everybody's key all the same.
  const silent = storage({
    encryptStringAsync: async (text) => Buffer.concat([Buffer.from('v10'), turned(Buffer.from(text))]),
  });
  expect(await askKeychain(silent, 'linux', 'seal', 'x')).toBe(null);
  // Elsewhere there is no such backend to be asked for, and what is sealed begins as it likes.
  expect(await askKeychain(plain, 'darwin', 'seal', 'x')).not.toBe(null);
  expect(await askKeychain(silent, 'win32', 'seal', 'x')).not.toBe(null);
  const locked = storage({ isAsyncEncryptionAvailable: async () => false });
  expect(await askKeychain(locked, 'linux', 'seal', 'x')).toBe(null);
  const foreign = storage({
    decryptStringAsync: async () => {
      throw new Error('Error while decrypting the ciphertext');
    },
  });
  expect(await askKeychain(foreign, 'linux', 'open', 'eA==')).toBe(null);
});

test('what a keyring sealed is opened on a desktop, too, that Electron does not know', async () => {
  const sealed = (await askKeychain(storage(), 'linux', 'seal', 'x')) ?? '';
  const elsewhere = storage({ getSelectedStorageBackend: () => 'basic_text' });
  expect(await askKeychain(elsewhere, 'linux', 'open', sealed)).toBe('x');
});
