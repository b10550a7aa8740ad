import type { SafeStorage } from 'electron';

/** As much of Electron's `safeStorage` as is used here. */
export type SealingStorage = Pick<
  SafeStorage,
  'getSelectedStorageBackend' | 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'
>;

/** What Electron finds on a desktop that it does not know, and what it says before it has looked. */
const noKeyring: ReadonlySet<string> = new Set(['basic_text', 'unknown']);
/**
 * How a text begins on Linux that was sealed with the key that is the same everywhere (Chromium, components/os_crypt/async/browser/
 * posix_key_provider.cc). It comes to that on a desktop with a keyring, too, where the keyring does not answer.
 */
const everybodysKey = Buffer.from('v10');

/**
 * Seals a text with the system's keychain (as base64), or opens one; null where that cannot be done. Asked for when there is a
 * secret, and not before: the system may ask the person back.
 */
export async function askKeychain(
  storage: SealingStorage,
  platform: NodeJS.Platform,
  ask: 'seal' | 'open',
  text: string,
): Promise<string | null> {
  try {
    if (ask === 'open') return (await storage.decryptStringAsync(Buffer.from(text, 'base64'))).result;
    const isLinux = platform === 'linux';
    // On Linux without a keyring Electron seals with a key that everybody knows: that is no keychain.
    if (isLinux && noKeyring.has(storage.getSelectedStorageBackend())) return null;
    if (!(await storage.isAsyncEncryptionAvailable())) return null;
    const sealed = await storage.encryptStringAsync(text);
    return isLinux && sealed.subarray(0, everybodysKey.length).equals(everybodysKey)
      ? null
      : sealed.toString('base64');
  } catch {
    return null; // locked, or of another user: the engine says so
  }
}
