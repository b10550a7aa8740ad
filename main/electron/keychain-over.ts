import { BenchtopError } from '../../contract/index.ts';
import type { Keychain } from '../../engine/index.ts';

/** What the engine's process asks of the main process, which alone reaches the system's keychain; the answer has its id. */
export interface KeychainQuestion {
  readonly id: number;
  readonly ask: 'seal' | 'open';
  readonly text: string;
}

/** The keychain of the main process, from the engine's process: `send` carries a question there, `answered` its answer back. */
export function keychainOver(send: (question: KeychainQuestion) => void): {
  keychain: Keychain;
  /** @param text null where the keychain could not do it. */
  answered(id: number, text: string | null): void;
} {
  const waiting = new Map<number, (text: string | null) => void>();
  let last = 0;
  async function ask(what: KeychainQuestion['ask'], text: string): Promise<string> {
    const id = ++last;
    const answer = await new Promise<string | null>((resolve) => {
      waiting.set(id, resolve);
      send({ id, ask: what, text });
    });
    if (answer !== null) return answer;
    throw new BenchtopError({
      code: 'not-allowed',
      what: `The system’s keychain could not ${what === 'seal' ? 'lock the secret away' : 'open the secret'}.`,
      next: 'Unlock the keychain and try again, or give the secret again with `benchtop target change`.',
    });
  }
  return {
    keychain: { seal: (secret) => ask('seal', secret), open: (sealed) => ask('open', sealed) },
    answered(id, text) {
      waiting.get(id)?.(text);
      waiting.delete(id);
    },
  };
}
