import { z } from 'zod';
import { procedure } from './rpc/procedure.ts';

export const interpreterKind = z.enum(['venv', 'uv', 'conda', 'poetry', 'pipenv', 'pyenv', 'system']);
export type InterpreterKind = z.infer<typeof interpreterKind>;

export const language = z.enum(['python', 'r', 'julia']);
export type Language = z.infer<typeof language>;

/** A program that runs scripts, as found on this laptop. */
export const interpreter = z.object({
  path: z.string(),
  language,
  kind: interpreterKind,
  /** As the interpreter itself says; null when it said none. */
  version: z.string().nullable(),
  /** Why it cannot be used, with what shows it; null when it can. */
  problem: z.string().nullable(),
  /** Lies in the project's folder, or was made for it by poetry or pipenv. */
  isOfProject: z.boolean(),
  /** The project's choice. */
  isChosen: z.boolean(),
});
export type Interpreter = z.infer<typeof interpreter>;

export const installedPackage = z.object({
  name: z.string(),
  version: z.string(),
  /** sha256 over the hashes of its own files, as its installer recorded them; null where none were recorded. */
  filesSha256: z.string().nullable().default(null),
  /** Where it came from when that was no index: a folder, an archive, a repository with its commit. Without credentials. */
  origin: z.string().nullable().default(null),
});
export type InstalledPackage = z.infer<typeof installedPackage>;

/** The user's repository as it was when a run started. */
export const gitState = z.object({
  /** Null before the first commit. */
  commit: z.string().nullable(),
  /** Null on a detached HEAD. */
  branch: z.string().nullable(),
  /** True when a tracked file differs from the commit, or an untracked one lies there that is not ignored. */
  isDirty: z.boolean(),
  /** Of `origin`, or else of the first remote; without credentials. */
  remoteUrl: z.string().nullable(),
});
export type GitState = z.infer<typeof gitState>;

/** The laptop that a run ran on. */
export const hostFacts = z.object({
  os: z.string(),
  kernel: z.string(),
  architecture: z.string(),
  cpuModel: z.string().nullable(),
  /** Logical cores. */
  cores: z.number(),
  memoryBytes: z.number(),
  /** Null where no GPU could be asked for. */
  gpus: z.array(z.object({ name: z.string(), memoryBytes: z.number().nullable() })).nullable(),
  gpuDriver: z.string().nullable(),
  /** What numeric libraries choose their code by, such as avx2; null where the system does not tell. */
  cpuFeatures: z.array(z.string()).nullable().default(null),
  /** The C library, such as glibc 2.36; null where there is no telling. */
  libc: z.string().nullable().default(null),
});
export type HostFacts = z.infer<typeof hostFacts>;

/** What a run ran with, read beside its start. What could not be found out is null, with the reason in `problems`. */
export const runEnvironment = z.object({
  capturedAt: z.number(),
  interpreter: z
    .object({
      path: z.string(),
      /** Null for a program that is none of the known interpreters. */
      language: language.nullable(),
      kind: interpreterKind.nullable(),
      version: z.string().nullable(),
    })
    .nullable(),
  /** By name; null when the program is not Python. */
  packages: z.array(installedPackage).nullable(),
  /** The libraries for linear algebra that packages bring with them: `numpy.libs/libscipy_openblas64_-32a4b2a6.so`. */
  blas: z.array(z.string()).default([]),
  git: gitState.nullable(),
  host: hostFacts,
  /** Environment variables on the allow-list; values that look secret are left out. */
  variables: z.record(z.string(), z.string()),
  problems: z.array(z.string()),
  /** sha256 over the lock: equal for two runs whose environments cannot have made a difference. */
  lockId: z.string(),
});
export type RunEnvironment = z.infer<typeof runEnvironment>;

/** One argument of a script, as argparse, click or typer declare it. */
export const scriptArgument = z.object({
  /** `--lr`; without dashes for one that goes by its place. */
  name: z.string(),
  kind: z.enum(['text', 'number', 'choice', 'flag']),
  default: z.string().nullable(),
  choices: z.array(z.string()),
  help: z.string().nullable(),
  isRequired: z.boolean(),
});
export type ScriptArgument = z.infer<typeof scriptArgument>;

export const scriptArgumentList = z.object({
  /** The script they were read from, as the command names it; null when nothing could be read. */
  script: z.string().nullable(),
  arguments: z.array(scriptArgument),
});
export type ScriptArguments = z.infer<typeof scriptArgumentList>;

export const environments = {
  list: procedure(
    'The interpreters a project can use, its own first, each unusable one with the reason. Runs no code of the project.',
    z.object({ projectId: z.string() }),
    z.array(interpreter),
  ),
  choose: procedure(
    'Keeps which interpreter a project uses; null takes the choice back.',
    z.object({ projectId: z.string(), path: z.string().max(4096).nullable() }),
    z.object({}),
  ),
  scriptArguments: procedure(
    'The arguments of the Python script that a command names, read from its source; the script is not run.',
    z.object({
      projectId: z.string(),
      command: z.array(z.string()).max(10_000),
      /** Relative to the project's folder. */
      workingFolder: z.string().max(4096).default('.'),
    }),
    scriptArgumentList,
  ),
  ofRun: procedure(
    'What a run ran with; null when nothing was recorded, as for a run that another program logged.',
    z.object({ runId: z.string() }),
    runEnvironment.nullable(),
  ),
  lock: procedure(
    'What of a run’s environment can change its result, one fact a line, and its packages as pip and uv read them. Throws `not-found`.',
    z.object({ runId: z.string() }),
    z.object({ id: z.string(), lines: z.array(z.string()), requirements: z.string().nullable() }),
  ),
};
