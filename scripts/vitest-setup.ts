import { fileURLToPath } from 'node:url';
import { assembleWasm } from './assemble-wasm.mjs';

/** Once before all tests. */
export default async function setup(): Promise<void> {
  await assembleWasm(fileURLToPath(new URL('..', import.meta.url)));
}
