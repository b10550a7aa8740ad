import { contract, createConnection, type EngineApi, type Port } from '../../contract/index.ts';
import type { EngineAddress } from '../../engine/index.ts';

export interface ConnectedEngine {
  readonly api: EngineApi;
  close(): void;
}

/** Speaks to the engine at an address; null where it does not answer. */
export async function connectEngine(address: EngineAddress): Promise<ConnectedEngine | null> {
  const first = await openAddress(address).catch(() => null);
  return first === null ? null : connectOver(first, address);
}

/** Speaks to an engine over an open port; where that breaks, at its address. */
export function connectOver(first: Port, address: EngineAddress): ConnectedEngine {
  let next: Port | null = first;
  return createConnection(contract, () => {
    const port = next ?? openAddress(address);
    next = null;
    return Promise.resolve(port);
  });
}

/** Loaded where it is needed: who has started the engine has a channel to it. */
async function openAddress(address: EngineAddress): Promise<Port> {
  const { openEnginePort } = await import('../engine-port.ts');
  return openEnginePort(address);
}
