import { spawn } from 'node:child_process';

/**
 * Keeps a Linux machine from sleeping by itself, through systemd where it is there, until the function it answers is called. The
 * lock is held by a `cat` that reads from this process: it goes too when this process dies.
 */
export function holdAwake(): () => void {
  const lock = spawn(
    'systemd-inhibit',
    ['--what=sleep:idle', '--who=Benchtop', '--why=A run is going on', '--mode=block', 'cat'],
    { stdio: ['pipe', 'ignore', 'ignore'] },
  );
  // Without systemd, or where it refuses, the machine sleeps as it always did.
  lock.on('error', () => undefined);
  lock.stdin.on('error', () => undefined);
  lock.unref();
  return () => lock.stdin.end();
}
