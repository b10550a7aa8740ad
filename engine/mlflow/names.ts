import { posix } from 'node:path';
import { invalid } from './mlflow-error.ts';
import { floatText, jsonText, reprString } from './python-text.ts';

/** MLflow's rules for names and values, and its words when they are broken. */

const maxKeyLength = 250;

export const wrongValue = (path: string, value: unknown, reason: string) =>
  invalid(`Invalid value ${jsonText(value)} for parameter '${path}' supplied: ${reason}`);

/** Counts code points, as Python does. */
const lengthOf = (text: string): number => Array.from(text).length;

export function checkLength(what: string, limit: number, text: string): void {
  if (text.length > limit && lengthOf(text) > limit)
    throw invalid(`'${what}' exceeds the maximum length of ${limit} characters`);
}

/** Params and tags are cut to their limit instead of being refused, as MLflow does unless it is told otherwise. */
function truncated(limit: number, text: string): string {
  return text.length <= limit ? text : Array.from(text).slice(0, limit).join('');
}

/** The name of a metric, a param or a tag: a relative path of plain characters. */
function checkKey(key: string, path: string): void {
  if (!/^[/\p{L}\p{N}_.\- :]*$/u.test(key))
    throw wrongValue(
      path,
      key,
      'Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).',
    );
  const normal = normalPath(key);
  if (normal !== key || normal === '.' || normal.startsWith('..') || normal.startsWith('/'))
    throw badPath(path, key, normal);
}

const badPath = (path: string, key: string, normal: string) =>
  wrongValue(
    path,
    key,
    `Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to ${reprString(normal)}`,
  );

/** Python's `posixpath.normpath`, which drops a slash at the end and keeps two at the start. */
function normalPath(path: string): string {
  const normal = posix.normalize(path).replace(/(?<=.)\/$/, '');
  return /^\/\/(?!\/)/.test(path) ? `/${normal}` : normal;
}

export function checkMetric(metric: { key: string; value: number; timeMs: number }, path: string): void {
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  checkKey(metric.key, at('name'));
  if (metric.timeMs < 0)
    throw wrongValue(
      at('timestamp'),
      metric.timeMs,
      `metric '${metric.key}' (value=${floatText(metric.value)}). Timestamp must be a nonnegative long (64-bit integer) `,
    );
  checkLength('Metric name', maxKeyLength, metric.key);
}

/** Returns the value as it is kept. */
export function checkedParam(key: string, value: string, path = ''): string {
  checkKey(key, path === '' ? 'key' : `${path}.key`);
  checkLength('Param key', maxKeyLength, key);
  return truncated(6000, value);
}

/** Returns the value as it is kept. */
export function checkedRunTag(key: string, value: string, path = ''): string {
  const at = path === '' ? 'key' : `${path}.key`;
  checkKey(key, at);
  checkLength(at, maxKeyLength, key);
  return truncated(8000, value);
}

export function checkExperimentTag(key: string, value: string): void {
  checkKey(key, 'key');
  checkLength('key', 250, key);
  checkLength('value', 20_000, value);
}

export function checkRegistryTag(key: string, value: string): void {
  checkKey(key, 'key');
  checkLength('key', 250, key);
  if (key === 'mlflow.prompt.text' && lengthOf(value) > 100_000)
    throw invalid('Prompt text exceeds max length of 100000 characters.');
  checkLength('value', 100_000, value);
}

export const checkTagKey = (key: string): void => checkKey(key, 'key');

export function checkExperimentName(name: string): void {
  if (name.trim() === '') throw invalid(`Invalid experiment name: '${name}'`);
  checkLength('name', 500, name);
}

export function experimentNumber(text: string): number {
  const number = /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number))
    throw invalid(`Invalid experiment ID '${text}'. Experiment ID must be a valid integer.`);
  return number;
}

export function checkArtifactLocation(location: string): void {
  // Only some schemes have params behind a semicolon in their last part (Python's `urlparse`).
  const [, scheme = ''] = /^([a-z][a-z0-9+.-]*):/i.exec(location) ?? [];
  const hasParams =
    /^(|ftp|hdfs|https?|shttp|rtspu?|sips?|mms|sftp|tel|prospero)$/i.test(scheme) &&
    /;[^/?#]+($|[?#])/.test(location);
  if (/#./.test(location) || hasParams)
    throw invalid("'artifact_location' URL can't include fragments or params.");
  if (/\?[^#]*\.\./.test(location)) throw invalid('Invalid query string');
  if (location.startsWith('runs:'))
    throw invalid(`Artifact location cannot be a runs:/ URI. Given: '${location}'`);
  if (location.length > 2048)
    throw invalid(
      'Invalid artifact path length. The length of the artifact path cannot be greater than 2048 characters. To configure this limit, please set the MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH environment variable.',
    );
}

export function checkRunId(runId: string): void {
  if (!/^[a-zA-Z0-9][\w-]{0,255}$/.test(runId))
    throw invalid(`Invalid value ${jsonText(runId)} for parameter 'run_id' supplied.`);
}

export function checkRegisteredName(name: string, path = 'name'): void {
  if (name.trim() === '') throw invalid(`Missing value for required parameter '${path}'.`);
  if (/[/:]/.test(name)) throw invalid(`Invalid model name '${name}'. Names cannot contain '/' or ':'.`);
  const normal = normalPath(name);
  if (normal !== name || normal === '.' || normal.startsWith('..')) throw badPath('name', name, normal);
}

export function versionNumber(text: string): number {
  const number = /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw invalid(`Parameter 'version' must be an integer, got '${text}'.`);
  return number;
}

export function checkAlias(alias: string): void {
  if (alias === '') throw invalid('Registered model alias name cannot be empty.');
  if (!/^[\p{L}\p{N}_-]*$/u.test(alias))
    throw invalid(
      `Invalid alias name: '${alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-).`,
    );
  checkLength('Registered model alias name', 255, alias);
}

export function checkAliasIsFree(alias: string): void {
  if (alias.toLowerCase() === 'latest') throw invalid("'latest' alias name (case insensitive) is reserved.");
  if (/^v\d+$/i.test(alias)) throw invalid(`Version alias name '${alias}' is reserved.`);
}

export function checkLoggedModelName(name: string): void {
  if (name === '' || /[/:.%"']/.test(name))
    throw invalid(
      `Invalid model name (${reprString(name)}) provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%', '"', "'")`,
    );
}

/** A path below the artifacts: decoded once by the router, and again here until nothing changes. */
export function safePath(path: string): string {
  let decoded = path;
  for (let round = 0; round < 10; round++) {
    const next = decodedOnce(decoded);
    if (next === decoded) break;
    decoded = next;
  }
  const isUnsafe =
    decoded.includes('#') ||
    decoded.includes('\\') ||
    decoded.includes('\0') ||
    decoded.split('/').includes('..') ||
    decoded.startsWith('/') ||
    /^[a-zA-Z]:/.test(decoded) ||
    /^file:/i.test(decoded);
  if (isUnsafe) throw invalid('Invalid path');
  return decoded
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

function decodedOnce(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone percent sign is part of the name
  }
}
