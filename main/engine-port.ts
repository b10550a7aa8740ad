import { WebSocket } from 'ws';
import { openWebSocketPort, socketProtocols, type Port } from '../contract/index.ts';
import type { EngineAddress } from '../engine/index.ts';

/** A port to the engine that runs at an address. Rejects with `disconnected` where it does not answer. */
export function openEnginePort({ port, token }: EngineAddress): Promise<Port> {
  return openWebSocketPort(new WebSocket(`ws://127.0.0.1:${port}/rpc`, socketProtocols(token)));
}
