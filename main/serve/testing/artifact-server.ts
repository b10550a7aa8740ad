import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { createCli, type Started } from '../../cli/fixture-cli.ts';

/** For tests: `benchtop serve` as a process of its own, whose memory can be measured. */
export async function startArtifactServer() {
  const cli = createCli();
  const started: Started = cli.start('serve', '--auth', 'none', '--port', '0');
  const address = await readyAddress(started);
  const path = '/api/2.0/mlflow-artifacts/artifacts/big/file.bin';

  return {
    /** Uploads so many bytes of a repeating pattern; resolves to their sha256, the seconds it took, and the server's memory. */
    async upload(sizeBytes: number) {
      const before = peakBytes(started);
      const hash = createHash('sha256');
      const startedAt = performance.now();
      const status = await new Promise<number>((resolve, reject) => {
        const sent = request(
          address + path,
          {
            method: 'PUT',
            headers: { 'content-length': sizeBytes, 'content-type': 'application/octet-stream' },
          },
          (response) => response.resume().once('end', () => resolve(response.statusCode ?? 0)),
        ).once('error', reject);
        Readable.from(pattern(sizeBytes, hash)).pipe(sent);
      });
      const seconds = (performance.now() - startedAt) / 1000;
      return { status, sha256: hash.digest('hex'), seconds, grownBytes: peakBytes(started) - before };
    },
    /** Downloads the file; resolves to the sha256 of what came. */
    async download() {
      const before = peakBytes(started);
      const startedAt = performance.now();
      const hash = createHash('sha256');
      const response = await fetch(address + path);
      if (response.body === null) throw new Error('no body');
      for await (const part of response.body as AsyncIterable<Uint8Array>) hash.update(part);
      const seconds = (performance.now() - startedAt) / 1000;
      return { sha256: hash.digest('hex'), seconds, grownBytes: peakBytes(started) - before };
    },
    async end() {
      started.child.kill('SIGTERM');
      await started.ended;
      await cli.end();
    },
  };
}

/** What one core needs for the hash alone, in seconds. */
export function hashSeconds(sizeBytes: number): number {
  const block = Buffer.alloc(1 << 20, 'benchtop');
  const hash = createHash('sha256');
  const startedAt = performance.now();
  for (let at = 0; at < sizeBytes; at += block.length) hash.update(block);
  hash.digest();
  return (performance.now() - startedAt) / 1000;
}

async function* pattern(sizeBytes: number, hash: ReturnType<typeof createHash>) {
  const block = Buffer.alloc(1 << 20);
  for (let index = 0; index < block.length; index++) block[index] = (index * 31) & 255;
  for (let at = 0; at < sizeBytes; at += block.length) {
    // Every block differs, so that no two parts of the file are the same.
    const part = Buffer.from(block.subarray(0, Math.min(block.length, sizeBytes - at)));
    part.writeDoubleLE(at, 0);
    hash.update(part);
    yield part;
  }
}

async function readyAddress({ stdout, child }: Started): Promise<string> {
  for (let tries = 0; tries < 600 && child.exitCode === null; tries++) {
    const [, found] = /benchtop ready (http:\/\/[^/]+)/.exec(stdout()) ?? [];
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`benchtop serve did not start: ${stdout()}`);
}

/** The most memory the process has held so far (Linux). */
function peakBytes({ child }: Started): number {
  const status = readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}
