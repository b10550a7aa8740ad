import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { withoutCredentials } from '../source/index.ts';

/** What a package's folder of metadata tells beside name and version. */
export interface PackageFiles {
  readonly filesSha256: string | null;
  readonly origin: string | null;
}

/** `direct_url.json`, of PEP 610. */
const directUrl = z.object({
  url: z.string(),
  dir_info: z.object({ editable: z.boolean().optional() }).optional(),
  vcs_info: z.object({ vcs: z.string(), commit_id: z.string() }).optional(),
});

const nothing: PackageFiles = { filesSha256: null, origin: null };
const known = new Map<string, { stamp: string; files: Promise<PackageFiles> }>();

/**
 * Reads `RECORD` (the binary distribution format's list of files with their sha256, PEP 376 and 427) and `direct_url.json` of
 * a `*.dist-info` folder. Files that differ from machine to machine without a difference in the code are left out: programs
 * with the path of their interpreter, bytecode, the installer's own notes. Remembered while the list stays as it is.
 */
export async function packageFiles(folder: string): Promise<PackageFiles> {
  const list = join(folder, 'RECORD');
  const found = await stat(list).catch(() => null); // an egg, or a package of the system
  if (found === null) return nothing;
  const stamp = `${found.mtimeMs} ${found.size} ${found.ino}`;
  const kept = known.get(folder);
  if (kept?.stamp === stamp) return kept.files;
  const files = readFiles(folder, list).catch(() => nothing); // removed while it was read
  known.set(folder, { stamp, files });
  return files;
}

async function readFiles(folder: string, list: string): Promise<PackageFiles> {
  const [record, direct] = await Promise.all([
    readFile(list, 'utf8'),
    readFile(join(folder, 'direct_url.json'), 'utf8').catch(() => null), // installed from an index
  ]);
  const own = record.split(/\r?\n/).filter(isOwn).toSorted();
  const told = direct === null ? null : directUrl.safeParse(parsed(direct));
  return {
    filesSha256: own.length === 0 ? null : createHash('sha256').update(own.join('\n')).digest('hex'),
    origin: told?.success === true ? originText(told.data) : null,
  };
}

/** A row is path,sha256=…,size. */
const isOwn = (row: string) =>
  /,sha256=/.test(row) &&
  !/^"?(\.\.\/|\/)/.test(row) &&
  !/\.pyc"?,sha256=/.test(row) &&
  !/\.dist-info\/(INSTALLER|REQUESTED|RECORD|direct_url\.json|uv_cache\.json)"?,/.test(row);

function originText({ url, vcs_info: vcs, dir_info: folder }: z.infer<typeof directUrl>): string {
  const address = withoutCredentials(url);
  if (vcs !== undefined) return `${vcs.vcs}+${address}@${vcs.commit_id}`;
  return folder?.editable === true ? `${address} (editable)` : address;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // then where it came from is not known
  }
}
