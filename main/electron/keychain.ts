import type { SafeStorage } from 'electron';

/** As much of Electron's `safeStorage` as is used here. */
export type SealingStorage = Pick<
  SafeStorage,
  'getSelectedStorageBackend' | 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'
>;

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
  // On Linux without a keyring Electron seals with a key that everybody knows: that is no keychain.
  if (platform === 'linux' && storage.getSelectedStorageBackend() === 'basic_text') return null;
  try {
    if (!(await storage.isAsyncEncryptionAvailable())) return null;
    if (ask === 'seal') return (await storage.encryptStringAsync(text)).toString('base64');
    return (await storage.decryptStringAsync(Buffer.from(text, 'base64'))).result;
  } catch {
    return null; // locked, or of another user: the engine says so
  }
}
