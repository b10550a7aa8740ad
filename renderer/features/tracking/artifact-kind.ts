export type ArtifactKind = 'text' | 'json' | 'table' | 'markdown' | 'page' | 'image' | 'binary';

/** What a file is shown as: by its name where that says enough, else text unless its beginning holds a zero byte. */
export function artifactKind(path: string, beginning: Uint8Array): ArtifactKind {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  if (['png', 'jpg', 'jpeg', 'gif', 'webp', 'bmp', 'svg', 'avif'].includes(extension)) return 'image';
  if (beginning.length === 0 || beginning.subarray(0, 8192).includes(0)) return 'binary';
  if (extension === 'html' || extension === 'htm') return 'page';
  if (extension === 'json') return 'json';
  if (extension === 'csv' || extension === 'tsv') return 'table';
  if (extension === 'md' || extension === 'markdown') return 'markdown';
  return 'text';
}
