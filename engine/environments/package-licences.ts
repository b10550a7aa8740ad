import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunEnvironment } from '../../contract/index.ts';
import { isMissing } from '../is-missing.ts';
import { packagePlaces } from './installed-packages.ts';
import type { ProbedInterpreter } from './probe-interpreter.ts';

/** What a package says of its own licence; null where it says nothing, or is not installed any more as it was. */
export interface PackageLicence {
  readonly name: string;
  readonly version: string;
  readonly licence: string | null;
}

/** The licences of the packages of a recorded environment, as the interpreter has them now. */
export async function packageLicences(
  { packages }: Pick<RunEnvironment, 'packages'>,
  interpreter: ProbedInterpreter,
): Promise<PackageLicence[]> {
  const { packages: places } = await packagePlaces(interpreter);
  return Promise.all(
    (packages ?? []).map(async ({ name, version }) => {
      const place = places.get(name);
      return {
        name,
        version,
        licence: place?.version === version ? await licenceIn(place.metadata) : null,
      };
    }),
  );
}

/**
 * What a package's folder of metadata says of its licence (core metadata, PEP 639 and before): the expression, or else the classifiers,
 * or else the free text where that is short. Null where it says nothing.
 */
async function licenceIn(metadataFolder: string): Promise<string | null> {
  const text =
    (await textOf(join(metadataFolder, 'METADATA'))) ?? (await textOf(join(metadataFolder, 'PKG-INFO')));
  if (text === null) return null;
  // The description comes behind the first blank line.
  const [head = ''] = text.split(/\r?\n\r?\n/, 1);
  const valuesOf = (key: string) =>
    [...head.matchAll(new RegExp(`^${key}:[ \\t]*(.*)$`, 'gim'))].map(([, value = '']) => value.trim());
  const told = (values: readonly string[]) =>
    values.find((value) => value !== '' && !/^(unknown|none)$/i.test(value));
  const classified = valuesOf('Classifier').flatMap((value) => {
    const licence = /^License :: (?:OSI Approved :: )?(.+)$/.exec(value)?.[1];
    return licence === undefined || licence === 'OSI Approved' ? [] : [licence];
  });
  return (
    told(valuesOf('License-Expression')) ??
    (classified.length > 0 ? classified.join(' or ') : undefined) ??
    told(valuesOf('License').map((value) => value.slice(0, 100))) ??
    null
  );
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    // An egg has its metadata in one file, or none.
    if (isMissing(error) || (error instanceof Error && 'code' in error && error.code === 'ENOTDIR'))
      return null;
    throw error;
  }
}
