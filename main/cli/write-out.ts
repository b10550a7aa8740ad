import { once } from 'node:events';

/** Writes to stdout no faster than it is read, so that memory stays the same however much there is. */
export async function writeOut(bytes: Uint8Array | string): Promise<void> {
  if (!process.stdout.write(bytes)) await once(process.stdout, 'drain');
}
