import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * @typedef {object} TestSums what one step of `npm test` adds to the last line
 * @property {number} passed
 * @property {number} failed unhandled errors and files that do not load count as one each
 * @property {{ name: string, reason: string }[]} skipped
 */

/** @returns {TestSums} */
export function noTests() {
  return { passed: 0, failed: 0, skipped: [] };
}

/**
 * @param {TestSums} a
 * @param {TestSums} b
 * @returns {TestSums}
 */
export function addSums(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: [...a.skipped, ...b.skipped] };
}

/** @param {TestSums} sums */
export function lastLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped.length} skipped`;
}

/**
 * Called by the reporters inside vitest and Playwright; `npm test` says where, in the environment.
 *
 * @param {TestSums} sums
 */
export function writeSums(sums) {
  const path = process.env.BENCHTOP_TEST_SUMS;
  if (path !== undefined) writeFileSync(path, JSON.stringify(sums));
}

/**
 * The sums of a runner that has ended. One that failed without a failed test (it crashed, found no tests, left no
 * sums) counts as one failure: nothing may end well by not running.
 *
 * @param {string} path
 * @param {boolean} endedWell whether its exit code was 0
 * @returns {TestSums}
 */
export function readSums(path, endedWell) {
  /** @type {TestSums} */
  const sums = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { ...noTests(), failed: 1 };
  return !endedWell && sums.failed === 0 ? { ...sums, failed: 1 } : sums;
}
