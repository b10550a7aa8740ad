import { spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installAdvice, installStamp, recordMatchesLock } from './installation.mjs';
import { withLockFile } from './lock-file.mjs';
import { chooseNode, nodePackageFor } from './node-choice.mjs';
import { endLike, endWithParent, runChild } from './run-child.mjs';

// Everything this file imports runs on Node 20 with nothing installed.

/** The folder of the checkout (or of the installed package). */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

/**
 * Comes back only in a process that can run the product: packages installed, Node 24 or newer. An older Node
 * hands the script over to the packaged one and ends as that one ends.
 *
 * @param {string} script import.meta.url of the script to go on with
 */
export async function enterProductNode(script) {
  const nodePackage = nodePackageFor(process.platform, process.arch);
  const { installed, problem } = await ensureInstalled(projectRoot, nodePackage);
  if (problem !== null) fail(problem);
  const choice = chooseNode({
    version: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    pinnedBinary: nodePackage === null ? null : binaryOf(projectRoot, nodePackage),
    replaced: installed && process.execPath.startsWith(join(projectRoot, 'node_modules') + sep),
  });
  if (choice.kind === 'none') fail(choice.message);
  if (choice.kind === 'this-process') return endWithParent();
  endLike(await runChild(choice.binary, [fileURLToPath(script), ...process.argv.slice(2)]));
  return new Promise(() => {});
}

/**
 * Installs from the lockfile unless that was done before.
 *
 * @param {string} root
 * @param {string | null} nodePackage
 * @returns {Promise<{ installed: boolean, problem: string | null }>} installed: just now; problem: why it failed
 */
export async function ensureInstalled(root, nodePackage) {
  const lockfile = join(root, 'package-lock.json');
  const modules = join(root, 'node_modules');
  // A published package has no lockfile; linked modules belong to another folder and are not ours to replace.
  if (!existsSync(lockfile) || isLink(modules)) return nothingDone;
  const stampFile = join(modules, '.benchtop-stamp');
  const wanted = () =>
    installStamp(readFileSync(lockfile), { platform: process.platform, arch: process.arch, nodePackage });
  const isDone = () => readOrNull(stampFile) === wanted();
  if (isDone()) return nothingDone;
  return withLockFile(join(root, 'out', 'install.lock'), async () => {
    if (isDone()) return nothingDone;
    const record = readOrNull(join(modules, '.package-lock.json'));
    const byHand = record !== null && recordMatchesLock(readFileSync(lockfile, 'utf8'), record);
    const problem = byHand ? null : await install(root);
    if (problem !== null) return { installed: false, problem };
    mkdirSync(modules, { recursive: true });
    writeFileSync(stampFile, wanted());
    return { installed: !byHand, problem: null };
  });
}

const nothingDone = { installed: false, problem: null };

/**
 * @param {string} root
 * @returns {Promise<string | null>} what went wrong and what to do
 */
async function install(root) {
  const startedAt = Date.now();
  const show = progressLine('Installing packages from package-lock.json (once)');
  const [command, ...args] = npmCommand(process.env);
  const { code, output } = await capture(command, [...args, 'ci', '--loglevel=error'], root);
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
  show.end(code === 0 ? `done in ${seconds} s` : `failed after ${seconds} s`);
  if (code === 0) return null;
  return `\`npm ci\` in ${root} failed (exit code ${code ?? 'unknown'}):\n${output.trimEnd()}\n${installAdvice(output)}`;
}

/**
 * npm by way of the npm that runs us where there is one: on PATH, `node` may be the very binary being replaced.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {[string, ...string[]]}
 */
function npmCommand(env) {
  const { npm_execpath: npm, npm_node_execpath: node } = env;
  if (npm !== undefined && node !== undefined && basename(npm) === 'npm-cli.js') return [node, npm];
  return process.platform === 'win32' ? ['cmd.exe', '/d', '/s', '/c', 'npm'] : ['npm'];
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function capture(command, args, cwd) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    /** @param {NodeJS.Signals} signal */
    const stop = (signal) => {
      child.kill(signal);
      child.once('exit', () => process.kill(process.pid, signal));
    };
    process.once('SIGINT', stop).once('SIGTERM', stop);
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', (error) => resolve({ code: null, output: `${error.message}\nIs npm on PATH?` }));
    child.once('close', (code) => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      resolve({ code, output });
    });
  });
}

/**
 * One line on stderr that counts seconds on a terminal and stays one line in a log.
 *
 * @param {string} text
 */
function progressLine(text) {
  const startedAt = Date.now();
  process.stderr.write(`benchtop: ${text} … `);
  if (!process.stderr.isTTY)
    return { end: (/** @type {string} */ result) => process.stderr.write(`${result}\n`) };
  const timer = setInterval(() => {
    process.stderr.write(`\rbenchtop: ${text} … ${((Date.now() - startedAt) / 1000).toFixed(0)} s`);
  }, 1000);
  return {
    /** @param {string} result */
    end(result) {
      clearInterval(timer);
      process.stderr.write(`\rbenchtop: ${text} … ${result}\n`);
    },
  };
}

/**
 * @param {string} root
 * @param {string} nodePackage
 */
function binaryOf(root, nodePackage) {
  const file = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  const beside = join(root, 'node_modules', nodePackage, file);
  if (existsSync(beside)) return beside;
  try {
    return createRequire(join(root, 'package.json')).resolve(`${nodePackage}/${file}`);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

/** @param {string} path */
function isLink(path) {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

/** @param {string} path */
function readOrNull(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  process.stderr.write(`benchtop: ${message}\n`);
  process.exit(1);
}
