import { readFileSync, statfsSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir, totalmem, type } from 'node:os';

/** The machine a bench ran on, and how busy it was when it began. */
export interface Setting {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  readonly temporaryFolder: string;
  /** Processes that wanted a core, averaged over the last minute. Near 0 on a quiet machine. */
  readonly loadAtStart: number;
}

export function readSetting(): Setting {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: `${type()} ${release()}`,
    node: process.versions.node,
    temporaryFolder: fileSystemOf(tmpdir()),
    loadAtStart: loadavg()[0] ?? 0,
  };
}

export function settingLine(setting: Setting): string {
  const gibibytes = (setting.memoryBytes / 2 ** 30).toFixed(0);
  return [
    `${setting.cpu}, ${setting.cores} cores, ${gibibytes} GiB`,
    setting.system,
    `Node ${setting.node}`,
    `temporary files on ${setting.temporaryFolder}`,
    `load ${setting.loadAtStart.toFixed(1)} at the start`,
  ].join('; ');
}

/** The kind of file system below a folder: a sync on tmpfs costs nothing and would flatter every write. */
function fileSystemOf(folder: string): string {
  if (process.platform !== 'linux') return `type 0x${statfsSync(folder).type.toString(16)}`;
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .map(([, at = '', kind = 'unknown']) => ({ at, kind }))
    .filter(({ at }) => at !== '' && `${folder}/`.startsWith(at.endsWith('/') ? at : `${at}/`));
  return mounts.toSorted((a, b) => b.at.length - a.at.length)[0]?.kind ?? 'unknown';
}
