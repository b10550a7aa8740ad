import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ name: string, tool: string, args: readonly string[] }} Check a tool that passes or fails as a whole */

/** @type {readonly Check[]} */
export const checks = [
  // Each checker checks again what several files share: four, its own choice, take twice the time of two cores.
  { name: 'types', tool: 'typescript/bin/tsc', args: ['-b', '--pretty', '--checkers', '2'] },
  { name: 'lint', tool: 'oxlint/bin/oxlint', args: [] },
  { name: 'format', tool: 'oxfmt/bin/oxfmt', args: ['--check'] },
  { name: 'dead code', tool: 'knip/bin/knip.js', args: ['--no-progress'] },
];

/**
 * Runs a tool of node_modules under this Node.
 *
 * @param {string} root
 * @param {{ tool: string, args: readonly string[], env?: NodeJS.ProcessEnv, show: boolean, limitMinutes: number,
 *   prefix?: readonly string[] }} run
 *   show: print its output as it comes, instead of keeping it; limitMinutes: one that hangs is killed and has failed;
 *   prefix: a command that runs it, such as one that takes the network away
 * @returns {Promise<{ endedWell: boolean, output: string }>}
 */
export function runTool(root, { tool, args, env = process.env, show, limitMinutes, prefix = [] }) {
  return new Promise((resolve) => {
    const [program = process.execPath, ...words] = [
      ...prefix,
      process.execPath,
      join(root, 'node_modules', tool),
      ...args,
    ];
    const child = spawn(program, words, {
      cwd: root,
      env,
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    });
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr?.setEncoding('utf8').on('data', (text) => (output += text));
    const stop = () => child.kill('SIGTERM');
    process.once('SIGTERM', stop).once('SIGINT', stop);
    const timer = setTimeout(() => {
      output += `\n${tool} was killed: it had not ended after ${limitMinutes} minutes.\n`;
      child.kill('SIGKILL');
    }, limitMinutes * 60_000);
    child.once('error', (error) => resolve({ endedWell: false, output: error.message }));
    child.once('close', (code) => {
      clearTimeout(timer);
      process.off('SIGTERM', stop).off('SIGINT', stop);
      resolve({ endedWell: code === 0, output });
    });
  });
}

/**
 * Which runners a narrowed `npm test -- words…` means: Playwright for words that name one of its files, vitest for
 * the others, both for none.
 *
 * @param {readonly string[]} words
 * @param {readonly string[]} endToEndFiles
 * @returns {{ vitest: string[] | null, playwright: string[] | null }} null: not at all
 */
export function runnersFor(words, endToEndFiles) {
  if (words.length === 0) return { vitest: [], playwright: endToEndFiles.length === 0 ? null : [] };
  const playwright = words.filter((word) => endToEndFiles.some((file) => file.includes(word)));
  const vitest = words.filter((word) => !playwright.includes(word));
  return {
    vitest: vitest.length === 0 ? null : vitest,
    playwright: playwright.length === 0 ? null : playwright,
  };
}

/**
 * @param {string} root
 * @param {boolean} long those of `npm run test:long`, or the others
 * @returns {string[]} 'e2e/….e2e.ts', sorted
 */
export function endToEndFiles(root, long) {
  const folder = join(root, 'e2e');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.e2e.ts') && name.endsWith('.long.e2e.ts') === long)
    .map((name) => `e2e/${name.replaceAll('\\', '/')}`)
    .toSorted();
}
