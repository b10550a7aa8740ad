import type Database from 'better-sqlite3';
import { BenchtopError } from '../../contract/index.ts';
import { modelVersion, newestVersion, type ModelVersion } from './model-versions.ts';
import { registeredModel, type RegisteredModel } from './registered-models.ts';

/**
 * The number that the end of `models:/name@alias`, `models:/name/3`, `models:/name/Production` or `models:/name/latest` means;
 * undefined for an alias that nobody has, and where no version is in the stage.
 */
export function versionMeant(
  model: RegisteredModel,
  separator: '@' | '/',
  suffix: string,
): number | undefined {
  if (separator === '@') return model.aliases.find(({ alias }) => alias === suffix)?.version;
  if (/^\d+$/.test(suffix)) return Number(suffix);
  const wanted = suffix.toLowerCase();
  const numbers = model.latestVersions
    .filter(({ stage }) => wanted === 'latest' || stage.toLowerCase() === wanted)
    .map(({ version }) => version);
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

/**
 * The version that a person means by a reference: as `versionMeant`, with or without `models:/`; a name alone is its
 * champion, or else its newest version.
 * @throws {BenchtopError} `invalid-input`, `not-found`.
 */
export function versionByReference(db: Database.Database, reference: string): ModelVersion {
  const [, name = '', separator, suffix = ''] =
    /^(?:models:\/+)?([^/@]+)(?:([/@])([^/@]+))?$/.exec(reference) ?? [];
  if (name === '')
    throw new BenchtopError({
      code: 'invalid-input',
      what: `"${reference}" is no reference to a version of a model.`,
      next: 'Write name@champion, name/3, name/Production or the name alone.',
    });
  const model = modelByName(db, name);
  const number =
    separator === '@' || separator === '/'
      ? versionMeant(model, separator, suffix)
      : (versionMeant(model, '@', 'champion') ?? newestVersion(db, model.id));
  const found = number === undefined ? undefined : modelVersion(db, name, number);
  if (found !== undefined) return found;
  throw new BenchtopError({
    code: 'not-found',
    what:
      separator === '@'
        ? `No version of ${name} has the alias ${suffix}.`
        : separator === '/'
          ? `${name} has no version ${suffix}.`
          : `${name} has no version.`,
    evidence: `aliases: ${model.aliases.map(({ alias, version }) => `${alias} (${version})`).join(', ') || 'none'}`,
    next: `\`benchtop model show ${name}\` lists its versions.`,
  });
}

/** @throws {BenchtopError} `not-found`. */
export function modelByName(db: Database.Database, name: string): RegisteredModel {
  const model = registeredModel(db, name);
  if (model !== undefined) return model;
  throw new BenchtopError({
    code: 'not-found',
    what: `There is no registered model "${name}".`,
    next: '`benchtop model list` lists them.',
  });
}

/** @throws {BenchtopError} `not-found`. */
export function versionByNumber(
  db: Database.Database,
  { name, version }: { readonly name: string; readonly version: number },
): ModelVersion {
  modelByName(db, name);
  const found = modelVersion(db, name, version);
  if (found !== undefined) return found;
  throw new BenchtopError({
    code: 'not-found',
    what: `${name} has no version ${version}.`,
    next: `\`benchtop model show ${name}\` lists its versions.`,
  });
}
