import { socketProtocols } from '../../contract/rpc/socket-protocols.ts';
import { takeSessionToken } from './session-token.ts';

// Opened before the code of the page is there: its first question then waits for no handshake. A native host has no socket.
const token = window.benchtopNative === undefined ? takeSessionToken() : null;
const connect = () => new WebSocket(`ws://${location.host}/rpc`, socketProtocols(token));
let first = window.benchtopNative === undefined ? connect() : null;

/** A socket of the host that this page came from: at first the one that was opened with the page, then a new one each time. */
export function engineSocket(): WebSocket {
  const socket = first ?? connect();
  first = null;
  return socket;
}
