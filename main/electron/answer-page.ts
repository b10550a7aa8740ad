import {
  BrowserWindow,
  dialog,
  ipcMain,
  MessageChannelMain,
  nativeTheme,
  Notification,
  shell,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  type MessagePortMain,
} from 'electron';
import { z } from 'zod';
import { nativeChannels } from '../../contract/native-bridge.ts';
import { isAppUrl } from './app-address.ts';
import type { EngineHost } from './engine-host.ts';
import { isRevealable } from './revealable-path.ts';

const requestId = z.string().max(100);
const theme = z.enum(['system', 'light', 'dark']);
const words = z.string().transform((text) => text.slice(0, 300));

/** The host's half of contract/native-bridge.ts. Only the top frame of the window's own page is answered. */
export function answerPage(engine: EngineHost<MessagePortMain>, showWindow: () => void): void {
  /** Held until they are gone: a notification that nobody holds loses its click. */
  const shown = new Set<Notification>();

  ipcMain.on(nativeChannels.requestPort, (event, id: unknown) => {
    const frame = ownFrame(event);
    const { port1, port2 } = new MessageChannelMain();
    const isTaken = engine.connect(port1);
    frame.postMessage(nativeChannels.port, requestId.parse(id), isTaken ? [port2] : []);
  });

  ipcMain.handle(nativeChannels.chooseFolder, async (event) => {
    ownFrame(event);
    const window = BrowserWindow.fromWebContents(event.sender);
    if (window === null) return null;
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      properties: ['openDirectory', 'createDirectory'],
    });
    return canceled ? null : (filePaths[0] ?? null);
  });

  ipcMain.handle(nativeChannels.reveal, (event, path: unknown) => {
    ownFrame(event);
    if (!isRevealable(path)) return false;
    shell.showItemInFolder(path);
    return true;
  });

  ipcMain.handle(nativeChannels.notify, (event, title: unknown, body: unknown) => {
    ownFrame(event);
    if (!Notification.isSupported()) return;
    const notification = new Notification({ title: words.parse(title), body: words.parse(body) });
    shown.add(notification);
    notification.on('click', showWindow);
    notification.on('close', () => shown.delete(notification));
    notification.show();
  });

  ipcMain.handle(nativeChannels.setTheme, (event, chosen: unknown) => {
    ownFrame(event);
    nativeTheme.themeSource = theme.parse(chosen);
  });
}

/** The frame that asks, if it is the window's own page and not a frame inside it; throws for any other. */
function ownFrame(event: IpcMainEvent | IpcMainInvokeEvent) {
  const frame = event.senderFrame;
  if (frame === null || frame.parent !== null || !isAppUrl(frame.url)) {
    throw new Error(`Not answered: a request from ${frame?.url ?? 'a frame that is gone'}`);
  }
  return frame;
}
