import { readFile } from 'node:fs/promises';
import { arch, cpus, homedir, release, totalmem, type } from 'node:os';
import { z } from 'zod';
import type { HostFacts } from '../../contract/index.ts';
import { askProgram } from './ask-program.ts';

/** What the laptop is. A GPU is asked for through nvidia-smi; without it there is no answer, which is not "none". */
export async function hostFacts(): Promise<HostFacts> {
  const [named, told, asked] = await Promise.all([
    readFile('/etc/os-release', 'utf8').catch(() => ''), // not Linux
    readFile('/proc/cpuinfo', 'utf8').catch(() => ''), // not Linux
    askProgram(
      'nvidia-smi',
      ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader,nounits'],
      { cwd: homedir(), env: process.env, timeoutMs: 5000 },
    ),
  ]);
  const rows =
    asked.status === 0
      ? asked.stdout
          .trim()
          .split('\n')
          .map((row) => row.split(',').map((cell) => cell.trim()))
      : null;
  const cores = cpus();
  return {
    os: /^PRETTY_NAME="?(.*?)"?$/m.exec(named)?.[1] ?? type(),
    kernel: `${type()} ${release()}`,
    architecture: arch(),
    cpuModel: cores[0]?.model.trim() ?? null,
    cores: cores.length,
    memoryBytes: totalmem(),
    gpus:
      rows?.map(([name = '', memoryMib]) => ({
        name,
        memoryBytes: Number(memoryMib) > 0 ? Number(memoryMib) * 1024 * 1024 : null,
      })) ?? null,
    gpuDriver: rows?.[0]?.[2] ?? null,
    cpuFeatures: cpuFeatures(told),
    libc: libcText(),
  };
}

/** Of the features of the first core those that numeric libraries look at; x86 calls them flags, ARM Features. */
function cpuFeatures(cpuInfo: string): string[] | null {
  const listed = /^(?:flags|Features)\s*:\s*(.+)$/m.exec(cpuInfo)?.[1];
  return (
    listed
      ?.split(' ')
      .filter((name) =>
        /^(ssse3|sse4_[12]|avx\w*|fma|f16c|bmi[12]|amx_\w+|asimd\w*|sve\w*|bf16|i8mm)$/.test(name),
      )
      .toSorted() ?? null
  );
}

const report = z.object({ header: z.object({ glibcVersionRuntime: z.string() }) });

function libcText(): string | null {
  // Finding the names of hosts can take seconds, and they are none of this.
  Object.assign(process.report, { excludeNetwork: true });
  const told = report.safeParse(process.report.getReport());
  return told.success ? `glibc ${told.data.header.glibcVersionRuntime}` : null;
}
