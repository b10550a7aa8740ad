import { onlineManager } from '@tanstack/react-query';
import { create } from 'zustand';
import {
  contract,
  createConnection,
  openWebSocketPort,
  type LinkStatus,
  type NativeBridge,
} from '../../contract/index.ts';
import { engineSocket } from './engine-socket.ts';
import { connectNative } from './native-bridge.ts';

declare global {
  interface Window {
    readonly benchtopNative?: NativeBridge;
  }
}

/** What only a native host can do; null in a browser. */
export const native: NativeBridge | null = window.benchtopNative ?? null;

interface EngineLink {
  readonly status: LinkStatus;
  /** When the link broke, milliseconds UTC; null while it stands. */
  readonly lostAt: number | null;
  /** Attempts that failed before the first link stood: the page has never spoken to an engine. */
  readonly refusals: number;
}

/** The state of the link to the engine. Window state: nothing the engine said is kept here. */
export const useEngineLink = create<EngineLink>(() => ({ status: 'connecting', lostAt: null, refusals: 0 }));

const connection = createConnection(contract, async () => {
  try {
    return await (native === null ? openWebSocketPort(engineSocket()) : connectNative(native));
  } catch (error) {
    useEngineLink.setState((link) => ({ refusals: link.refusals + 1 }));
    throw error;
  }
});

/** Everything the window can ask the engine. */
export const engine = connection.api;

connection.onStatus((status) => {
  useEngineLink.setState((link) => ({
    status,
    refusals: status === 'open' ? 0 : link.refusals,
    lostAt: status === 'open' ? null : (link.lostAt ?? Date.now()),
  }));
});

// While the engine is away queries wait instead of failing, and keep what was read before on the screen.
onlineManager.setEventListener((setOnline) => connection.onStatus((status) => setOnline(status !== 'lost')));
