import { createHash } from 'node:crypto';
import type { InstalledPackage, RunEnvironment } from '../../contract/index.ts';

/** An environment as it is read, before its lock is named. */
export type CapturedEnvironment = Omit<RunEnvironment, 'lockId'>;

/** The variables by which libraries choose their number of threads, and with it the order in which they add. */
const threadVariables =
  /^(OMP|OPENBLAS|MKL|BLIS|GOTO|NUMEXPR|NUMBA|VECLIB|JULIA|KMP)_.*(THREADS|AFFINITY)|^PYTHONHASHSEED$|^CUBLAS_WORKSPACE_CONFIG$|^TF_(DETERMINISTIC|CUDNN|ENABLE)/;

/**
 * What of an environment can change a result, one fact a line, in an order of its own, and the sha256 over the lines. Paths,
 * times and names of a person are no part of it, so the same environment on another machine of the same kind has the same lock.
 */
export function environmentLock(environment: CapturedEnvironment): { id: string; lines: string[] } {
  const { interpreter, packages, blas, host, variables } = environment;
  const lines = [
    interpreter === null
      ? 'interpreter unknown'
      : `interpreter ${interpreter.language ?? 'program'} ${interpreter.version ?? 'of unknown version'}`,
    ...(packages ?? []).map((one) => `package ${packageText(one)}`),
    `system ${host.os} ${host.architecture}`,
    `libc ${host.libc ?? 'unknown'}`,
    `cpu features ${host.cpuFeatures?.join(' ') ?? 'unknown'}`,
    `cores ${host.cores}`,
    ...blas.map((library) => `blas ${library}`),
    ...Object.entries(variables)
      .filter(([name]) => threadVariables.test(name))
      .map(([name, value]) => `variable ${name}=${value}`),
    ...(host.gpus?.map(({ name }) => `gpu ${name}`) ?? ['gpu unavailable']),
    `gpu driver ${host.gpuDriver ?? 'unavailable'}`,
  ];
  return { id: createHash('sha256').update(lines.join('\n')).digest('hex'), lines };
}

/**
 * The packages as a requirements file, for pip and uv; null when the program was not Python. One that came from a folder or a
 * repository is named by where it came from. An installer keeps no hash of the archives it read, so there are none in it.
 */
export function requirementsText({ interpreter, packages }: CapturedEnvironment): string | null {
  if (packages === null) return null;
  const lines = packages.map(({ name, version, origin }) =>
    origin === null ? `${name}==${version}` : `${name} @ ${origin}`,
  );
  return `# Python ${interpreter?.version ?? 'of unknown version'}\n${lines.join('\n')}\n`;
}

/** `numpy 2.4.6 sha256:3f…`: what tells two installations of a package apart. */
export function packageText({ name, version, filesSha256, origin }: InstalledPackage): string {
  return [
    name,
    version,
    ...(filesSha256 === null ? [] : [`sha256:${filesSha256}`]),
    ...(origin === null ? [] : [`from ${origin}`]),
  ].join(' ');
}
