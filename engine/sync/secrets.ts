import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { BenchtopError } from '../../contract/index.ts';
import { isMissing } from '../is-missing.ts';

/** How a host locks a secret away with a key of the system's keychain, so that the file alone tells nothing. */
export interface Keychain {
  /** @returns base64; null where there is no keychain, or it is locked. */
  seal(secret: string): Promise<string | null>;
  /** @returns null where it cannot be opened. */
  open(sealed: string): Promise<string | null>;
}

/**
 * The secrets of targets: in `<home>/secrets.json`, which only its owner can read, sealed where the host has a keychain and
 * as they are where it has none. They are nowhere else: not in the store, the log, an error or an argument of a program.
 */
export interface Secrets {
  /** Where the secret of a target is. */
  whereIs(target: number): 'none' | 'keychain' | 'file';
  /** @throws {BenchtopError} `not-allowed` when it was sealed by a keychain that is not here. */
  read(target: number): Promise<string | null>;
  write(target: number, secret: string | null): Promise<void>;
}

const secretsFile = z.record(z.string(), z.object({ in: z.enum(['keychain', 'file']), value: z.string() }));
type SecretsFile = z.infer<typeof secretsFile>;

export function createSecrets(homePath: string, keychain: Keychain | null): Secrets {
  const path = join(homePath, 'secrets.json');

  function all(): SecretsFile {
    try {
      return secretsFile.parse(JSON.parse(readFileSync(path, 'utf8')));
    } catch (error) {
      if (isMissing(error)) return {};
      throw error;
    }
  }

  function keep(secrets: SecretsFile): void {
    if (Object.keys(secrets).length === 0) {
      rmSync(path, { force: true });
      return;
    }
    const temporary = `${path}.${process.pid}.tmp`;
    writeFileSync(temporary, JSON.stringify(secrets), { mode: 0o600 });
    chmodSync(temporary, 0o600);
    renameSync(temporary, path);
  }

  return {
    whereIs: (target) => all()[target]?.in ?? 'none',
    async read(target) {
      const kept = all()[target];
      if (kept === undefined) return null;
      if (kept.in === 'file') return kept.value;
      const opened = (await keychain?.open(kept.value)) ?? null;
      if (opened !== null) return opened;
      throw new BenchtopError({
        code: 'not-allowed',
        what:
          keychain === null
            ? 'The secret of this target is in the keychain, which only the window can open.'
            : 'The keychain does not open the secret of this target.',
        next: 'Open Benchtop’s window, unlock the keychain and try again, or give the secret again with `benchtop target change`.',
      });
    },
    async write(target, secret) {
      const { [String(target)]: _before, ...others } = all();
      if (secret === null) return keep(others);
      const sealed = (await keychain?.seal(secret)) ?? null;
      keep({
        ...others,
        [target]: sealed === null ? { in: 'file', value: secret } : { in: 'keychain', value: sealed },
      });
    },
  };
}
