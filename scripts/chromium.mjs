import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * The Chromium for the end-to-end tests: CHROMIUM_PATH, Playwright's own, one on PATH, else Debian's package where
 * we may install it.
 *
 * @returns {Promise<{ path: string } | { missing: string }>} missing: what to do, in one paragraph
 */
export async function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== '') {
    return existsSync(named)
      ? { path: named }
      : { missing: `CHROMIUM_PATH is ${named}, and there is no such file.` };
  }
  const { chromium } = await import('@playwright/test');
  const own = chromium.executablePath();
  if (existsSync(own)) return { path: own };
  const present = onPath(names, process.env);
  if (present !== null) return { path: present };
  if (!mayInstall()) return { missing: advice };
  process.stderr.write('benchtop: installing Debian’s chromium (once, about a minute) …\n');
  const problem = installDebianPackage();
  const installed = onPath(names, process.env);
  return installed === null
    ? { missing: `${problem ?? 'The package brought no chromium.'} ${advice}` }
    : { path: installed };
}

const advice =
  'No Chromium for the end-to-end tests. Do one of: `npx playwright install chromium`; install Chromium or Chrome with your system’s package manager (Debian, Ubuntu: `sudo apt-get install -y chromium`); or set CHROMIUM_PATH to one you have.';

/**
 * @param {readonly string[]} programs in order of preference
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | null}
 */
export function onPath(programs, env) {
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const candidates = programs.flatMap((program) => folders.map((folder) => join(folder, program)));
  return candidates.find((candidate) => existsSync(candidate)) ?? null;
}

/** Only as root on Debian and its kin: there nobody has to be asked for a password. */
function mayInstall() {
  const release = '/etc/os-release';
  return (
    process.getuid?.() === 0 &&
    existsSync(release) &&
    /^ID(_LIKE)?=.*debian/m.test(readFileSync(release, 'utf8'))
  );
}

/** @returns {string | null} why it failed */
function installDebianPackage() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', 'chromium']]) {
    const { status, stderr, error } = spawnSync('apt-get', args, {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (status !== 0) return `\`apt-get ${args.join(' ')}\` failed: ${(error?.message ?? stderr).trim()}`;
  }
  return null;
}
