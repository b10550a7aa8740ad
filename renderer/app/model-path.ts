import type { GateEnvironment } from '../../contract/index.ts';

/** The address of a registered model's page, in the project it is looked at from. */
export function modelPath(projectId: string | null, name: string, part?: string): string {
  const root = `${projectId === null ? '' : `/projects/${projectId}`}/models/${encodeURIComponent(name)}`;
  return part === undefined ? root : `${root}/${part}`;
}

/** Where a version stands beside the one whose place it would take, with the decision below. */
export function approvalPath(
  projectId: string | null,
  { model, version, environment }: { model: string; version: number; environment: GateEnvironment },
): string {
  return `${modelPath(projectId, model, `approve/${version}`)}?to=${environment}`;
}

/** The model of an address. The router undoes only a part of what `modelPath` encodes. */
export function modelInPath(path: string): string {
  return decodeURIComponent(/\/models\/([^/]+)/.exec(path)?.[1] ?? '');
}
