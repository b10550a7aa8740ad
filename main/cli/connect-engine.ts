import { contract, createConnection, type EngineApi, type Port } from '../../contract/index.ts';
import type { EngineAddress } from '../../engine/index.ts';
import { openEnginePort } from '../engine-port.ts';

/** Speaks to the engine at an address; null where it does not answer. */
export async function connectEngine(
  address: EngineAddress,
): Promise<{ api: EngineApi; close(): void } | null> {
  let first: Port | null = await openEnginePort(address).catch(() => null);
  if (first === null) return null;
  const { api, close } = createConnection(contract, () => {
    const port = first ?? openEnginePort(address);
    first = null;
    return Promise.resolve(port);
  });
  return { api, close };
}
