import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const service = 'org.freedesktop.NetworkManager';
const patienceMs = 3000;

/** NetworkManager's own numbers (NMMetered in its D-Bus API): yes, and guessed yes; no, and guessed no; 0 is unknown. */
const meanings: Readonly<Record<string, boolean>> = { 1: true, 3: true, 2: false, 4: false };

const place = '/org/freedesktop/NetworkManager';

/** Programs that ask the system's bus for the same property: systemd's, GLib's. */
const questions = [
  `busctl --system get-property ${service} ${place} ${service} Metered`,
  `gdbus call --system --dest ${service} --object-path ${place} --method org.freedesktop.DBus.Properties.Get ${service} Metered`,
];

/**
 * Whether the network is metered, as NetworkManager has it: told by the connection, set by the user, or guessed by a phone's
 * hotspot. Null where there is no NetworkManager to ask, or it does not know.
 */
export async function readMetered(): Promise<boolean | null> {
  if (process.platform !== 'linux') return null;
  for (const question of questions) {
    const [program = '', ...words] = question.split(' ');
    const said = await run(program, words, { timeout: patienceMs, encoding: 'utf8' }).catch(() => null);
    if (said !== null) return meteredOf(said.stdout);
  }
  return null;
}

/** `u 4` of busctl, `(<uint32 4>,)` of gdbus. */
export const meteredOf = (said: string): boolean | null =>
  meanings[/(\d+)\D*$/.exec(said)?.[1] ?? ''] ?? null;
