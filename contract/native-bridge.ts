import type { Port } from './rpc/port.ts';

/**
 * What only a native host can do for the page. The preload script offers it as `window.benchtopNative`;
 * in a browser there is none, and the page asks `native: NativeBridge | null`, never where it runs.
 */
export interface NativeBridge {
  /** A port to the engine; a new one at every call, after the engine was restarted too. */
  connect(): Promise<Port>;
  /** The system's own dialog for a folder; null when the person cancelled. */
  chooseFolder(): Promise<string | null>;
  /** Shows a file or folder in the system's file manager. */
  reveal(path: string): Promise<void>;
  notify(title: string, body: string): Promise<void>;
  /** A command chosen in the native menu, or a deep link, as the page's own command id or path. */
  onCommand(listener: (command: string) => void): () => void;
}
