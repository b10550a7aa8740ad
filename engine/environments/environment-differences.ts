import type { Difference, HostFacts, InstalledPackage } from '../../contract/index.ts';
import type { CapturedEnvironment } from './environment-lock.ts';

/** What two environments do not share, part by part. */
export interface EnvironmentDifferences {
  /** Null where one side at least was not Python. */
  readonly packages: Difference[] | null;
  readonly interpreter: Difference[];
  readonly variables: Difference[];
  readonly machine: Difference[];
}

/** Where a program is looked for says nothing that interpreter and packages do not say better. */
const ofPlace = new Set(['PATH', 'VIRTUAL_ENV', 'CONDA_PREFIX', 'CONDA_DEFAULT_ENV']);

export function environmentDifferences(
  a: CapturedEnvironment,
  b: CapturedEnvironment,
): EnvironmentDifferences {
  return {
    packages: a.packages === null || b.packages === null ? null : packageDifferences(a.packages, b.packages),
    interpreter: differing(
      { language: a.interpreter?.language, version: a.interpreter?.version, kind: a.interpreter?.kind },
      { language: b.interpreter?.language, version: b.interpreter?.version, kind: b.interpreter?.kind },
    ),
    variables: differing(a.variables, b.variables).filter(({ name }) => !ofPlace.has(name)),
    machine: differing(machineFacts(a), machineFacts(b)),
  };
}

/** Packages of another version first, then those that only one side has, then those whose files differ under one version. */
function packageDifferences(a: readonly InstalledPackage[], b: readonly InstalledPackage[]): Difference[] {
  const ofB = new Map(b.map((one) => [one.name, one]));
  const ofA = new Map(a.map((one) => [one.name, one]));
  const rank = (one: Difference) => (one.detail !== null ? 2 : one.a === null || one.b === null ? 1 : 0);
  return [...new Set([...ofA.keys(), ...ofB.keys()])]
    .flatMap((name): Difference[] => {
      const one = ofA.get(name);
      const other = ofB.get(name);
      if (one?.version !== other?.version)
        return [{ name, a: one?.version ?? null, b: other?.version ?? null, detail: null }];
      if (one === undefined || other === undefined) return [];
      const isSame =
        one.origin === other.origin &&
        // A record made before hashes were kept says nothing about them.
        (one.filesSha256 === other.filesSha256 || one.filesSha256 === null || other.filesSha256 === null);
      return isSame
        ? []
        : [
            {
              name,
              a: one.origin ?? one.filesSha256?.slice(0, 12) ?? null,
              b: other.origin ?? other.filesSha256?.slice(0, 12) ?? null,
              detail: `version ${one.version} in both, with other files`,
            },
          ];
    })
    .toSorted((one, other) => rank(one) - rank(other) || (one.name < other.name ? -1 : 1));
}

function machineFacts({ host, blas }: CapturedEnvironment): Record<string, string | undefined> {
  return {
    CPU: host.cpuModel ?? undefined,
    cores: String(host.cores),
    'CPU features': host.cpuFeatures?.join(' '),
    GPU: gpuText(host),
    'GPU driver': host.gpuDriver ?? undefined,
    'linear algebra': blas.length === 0 ? undefined : blas.join(', '),
    system: `${host.os} ${host.architecture}`,
    kernel: host.kernel,
    'C library': host.libc ?? undefined,
    memory: `${(host.memoryBytes / 1024 ** 3).toFixed(1)} GiB`,
  };
}

const gpuText = ({ gpus }: HostFacts) =>
  gpus === null ? undefined : gpus.length === 0 ? 'none' : gpus.map(({ name }) => name).join(', ');

/** The facts that differ, in the order of the first side. */
function differing(
  a: Readonly<Record<string, string | null | undefined>>,
  b: Readonly<Record<string, string | null | undefined>>,
): Difference[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .map((name) => ({ name, a: a[name] ?? null, b: b[name] ?? null, detail: null }))
    .filter((one) => one.a !== one.b);
}
