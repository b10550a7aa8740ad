/** The address of a registered model's page, in the project it is looked at from. */
export function modelPath(projectId: string | null, name: string, part?: string): string {
  const root = `${projectId === null ? '' : `/projects/${projectId}`}/models/${encodeURIComponent(name)}`;
  return part === undefined ? root : `${root}/${part}`;
}

/** The model of an address. The router undoes only a part of what `modelPath` encodes. */
export function modelInPath(path: string): string {
  return decodeURIComponent(/\/models\/([^/]+)/.exec(path)?.[1] ?? '');
}
