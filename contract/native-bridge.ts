export type ThemeSource = 'system' | 'light' | 'dark';

/**
 * What only a native host can do for the page. The preload script offers it as `window.benchtopNative`;
 * in a browser there is none, and the page asks `native: NativeBridge | null`, never where it runs.
 */
export interface NativeBridge {
  /**
   * Asks for a new port to the engine. A MessagePort cannot cross the bridge itself, so it arrives at the page as a `message`
   * event of the window: data `{ benchtopPort: requestId }` and one port, or none where no engine is running at the moment.
   */
  requestPort(requestId: string): void;
  /** The system's own dialog for a folder; null when the person cancelled. */
  chooseFolder(): Promise<string | null>;
  /** Shows a file or folder in the system's file manager; false where it is not an absolute path that exists. */
  reveal(path: string): Promise<boolean>;
  notify(title: string, body: string): Promise<void>;
  /** Makes the frame, the menus and `prefers-color-scheme` follow the page's choice. */
  setTheme(theme: ThemeSource): Promise<void>;
  /**
   * A command chosen in the native menu as the id of contract/commands.ts, or a deep link as a path of the window, which starts
   * with a slash. What was chosen before anybody listened is kept for the first listener.
   */
  onCommand(listener: (command: string) => void): () => void;
}

/** The names under which preload and host speak; nothing else may cross between them. */
export const nativeChannels = {
  requestPort: 'benchtop:request-port',
  port: 'benchtop:port',
  chooseFolder: 'benchtop:choose-folder',
  reveal: 'benchtop:reveal',
  notify: 'benchtop:notify',
  setTheme: 'benchtop:set-theme',
  command: 'benchtop:command',
} as const;
