/** The address at which runs stand side by side, in this order. */
export function comparePath(projectId: string | null, runIds: readonly string[]): string {
  const root = projectId === null ? '' : `/projects/${projectId}`;
  return `${root}/compare?runs=${runIds.join(',')}`;
}
