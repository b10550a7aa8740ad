import {
  app,
  dialog,
  Menu,
  MessageChannelMain,
  Notification,
  powerSaveBlocker,
  protocol,
  safeStorage,
  session,
  utilityProcess,
  type BrowserWindow,
  type MessagePortMain,
} from 'electron';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { menuCommands } from '../../contract/commands.ts';
import { nativeChannels } from '../../contract/native-bridge.ts';
import { windowPath } from '../installation.ts';
import { createWindowFiles } from '../window-files/index.ts';
import { answerPage } from './answer-page.ts';
import { appOrigin, appScheme } from './app-address.ts';
import { appResponse } from './app-response.ts';
import { linkScheme, pageOfArguments, pageOfDeepLink } from './deep-link.ts';
import { createEngineHost, type EngineHost, type EngineTrouble } from './engine-host.ts';
import { guardContents, guardSession } from './guard-contents.ts';
import { askKeychain } from './keychain.ts';
import { menuTemplate } from './menu-template.ts';
import { openWindow } from './open-window.ts';
import { noticeOf } from './tell-trouble.ts';

// The shell: it wires what the files beside it decide, and decides nothing itself.
let window: BrowserWindow | undefined;
let engine: EngineHost<MessagePortMain> | undefined;
let isEngineClosed = false;
/** Of what keeps the machine awake, while something does. */
let awakeId: number | undefined;
/** A page asked for before the program was ready to show one. */
let firstPage = pageOfArguments(process.argv);

// Both have to be said before Electron is ready.
app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', (_event, argv) => show(pageOfArguments(argv)));
  app.on('open-url', (event, url) => {
    event.preventDefault();
    show(pageOfDeepLink(url));
  });
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
  app.on('activate', () => show(null));
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('will-quit', (event) => {
    if (isEngineClosed || engine === undefined) return;
    event.preventDefault();
    void engine.close().finally(() => {
      isEngineClosed = true;
      app.quit();
    });
  });
  void app.whenReady().then(start);
} else {
  // The other instance has been told by now, with this one's arguments.
  app.quit();
}

function start(): void {
  if (app.isPackaged) app.setAsDefaultProtocolClient(linkScheme);
  guardSession(session.defaultSession);
  const windowFile = createWindowFiles(windowPath);
  protocol.handle(appScheme, (request) => appResponse(request, windowFile));
  const entry = fileURLToPath(new URL('./engine-process.ts', import.meta.url));
  engine = createEngineHost<MessagePortMain>(
    () => utilityProcess.fork(entry, [], { serviceName: 'Benchtop engine', stdio: 'pipe' }),
    tell,
    keepAwake,
    startTables,
    (ask, text) => askKeychain(safeStorage, process.platform, ask, text),
  );
  answerPage(engine, () => show(null));
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menuTemplate(menuCommands, process.platform, (id) => command(id))),
  );
  show(firstPage);
}

/** The process that reads tables, and the engine's end of the channel to it. It ends when that end is closed. */
function startTables(): MessagePortMain {
  const entry = fileURLToPath(new URL('../../engine/data/tables/table-process.ts', import.meta.url));
  const { port1, port2 } = new MessageChannelMain();
  utilityProcess.fork(entry, [], { serviceName: 'Benchtop tables' }).postMessage('begin', [port1]);
  return port2;
}

/** Brings the window to the front, opening it where there is none, on a page if one is asked for. */
function show(page: string | null): void {
  if (engine === undefined) {
    firstPage = page ?? firstPage;
    return;
  }
  if (window === undefined) {
    const placePath = join(app.getPath('userData'), 'window.json');
    window = openWindow(page ?? '/', placePath, !app.isPackaged);
    window.on('closed', () => (window = undefined));
    return;
  }
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
  if (page !== null) command(page);
}

/** Hands the page a command's id, or the path of a page of its own. */
function command(text: string): void {
  if (window === undefined) show(text.startsWith('/') ? text : null);
  else if (window.webContents.isLoadingMainFrame() && text.startsWith('/'))
    void window.loadURL(appOrigin + text);
  else window.webContents.send(nativeChannels.command, text);
}

/** The screen may go dark; the machine does not sleep. */
function keepAwake(isWanted: boolean): void {
  if (awakeId !== undefined) powerSaveBlocker.stop(awakeId);
  awakeId = isWanted ? powerSaveBlocker.start('prevent-app-suspension') : undefined;
}

function tell(trouble: EngineTrouble): void {
  const { isQuestion, title, detail, answers } = noticeOf(trouble);
  if (!isQuestion) {
    if (Notification.isSupported()) new Notification({ title, body: detail }).show();
    return;
  }
  const labels = { restart: 'Start it again', quit: 'Quit' };
  const options = {
    type: 'error' as const,
    message: title,
    detail,
    buttons: answers.map((answer) => labels[answer]),
  };
  const asked =
    window === undefined ? dialog.showMessageBox(options) : dialog.showMessageBox(window, options);
  void asked.then(({ response }) => {
    if (answers[response] === 'quit') app.quit();
    else engine?.restart();
  });
}
