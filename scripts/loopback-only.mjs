import { spawnSync } from 'node:child_process';

/**
 * How to run a command where no network but loopback exists: a network namespace of its own, as root or through a user
 * namespace. Null with the reason where this machine allows neither.
 *
 * @param {NodeJS.Platform} platform
 * @returns {{ prefix: readonly string[] } | { reason: string }}
 */
export function loopbackOnly(platform) {
  if (platform !== 'linux') return { reason: `${platform} has no network namespaces` };
  const raise = ['sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
  for (const unshare of [
    ['unshare', '--net'],
    ['unshare', '--map-root-user', '--net'],
  ]) {
    const prefix = [...unshare, ...raise];
    const [program = '', ...args] = prefix;
    if (spawnSync(program, [...args, 'true'], { stdio: 'ignore' }).status === 0) return { prefix };
  }
  return { reason: 'this machine allows no network namespace (unshare --net, ip link)' };
}
