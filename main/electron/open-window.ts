import { BrowserWindow, nativeTheme, screen } from 'electron';
import { fileURLToPath } from 'node:url';
import { appOrigin } from './app-address.ts';
import { readPlace, savePlace } from './saved-place.ts';
import { placeOnDisplays, smallestWindow } from './window-place.ts';

const preload = fileURLToPath(new URL('../../preload/preload.ts', import.meta.url));
/** The window's ground in resources of the page (look.md: window, dark and light), so that nothing flashes at the start. */
const ground = { dark: '#101216', light: '#F3F4F6' };

/**
 * Opens the window on a page, where it was when it was last closed.
 *
 * @param path of the page, with a slash first
 * @param placePath the file that remembers where the window was
 */
export function openWindow(path: string, placePath: string, hasDeveloperTools: boolean): BrowserWindow {
  const [first, ...others] = [
    screen.getPrimaryDisplay(),
    ...screen.getAllDisplays().filter((display) => display.id !== screen.getPrimaryDisplay().id),
  ] as const;
  const place = placeOnDisplays(readPlace(placePath), [
    first.workArea,
    ...others.map((display) => display.workArea),
  ]);
  const window = new BrowserWindow({
    ...place.bounds,
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    show: false,
    title: 'Benchtop',
    backgroundColor: nativeTheme.shouldUseDarkColors ? ground.dark : ground.light,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      // The dictionaries of the spelling checker would be fetched from the network.
      spellcheck: false,
      devTools: hasDeveloperTools,
    },
  });
  if (place.isMaximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () =>
    savePlace(placePath, { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() }),
  );
  void window.loadURL(appOrigin + path);
  return window;
}
