import { WebSocket } from 'ws';
import { openWebSocketPort, socketProtocols, type Port } from '../contract/index.ts';
import type { EngineAddress } from '../engine/index.ts';

/** An engine that is there answers sooner. */
const patienceMs = 3000;

/** A port to the engine that runs at an address. Rejects with `disconnected` where it does not answer. */
export function openEnginePort({ port, token }: EngineAddress): Promise<Port> {
  const url = `ws://127.0.0.1:${port}/rpc`;
  return openWebSocketPort(new WebSocket(url, socketProtocols(token), { handshakeTimeout: patienceMs }));
}
