import { shell, type Session, type WebContents } from 'electron';
import { isOwnRequest } from './app-address.ts';
import { mayBeFramed, navigationTo } from './navigation.ts';
import { isPermitted } from './permission.ts';

/** Keeps whatever is shown in the program on the window's own pages; only a person's click on a https link leads out. */
export function guardContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    const way = navigationTo(event.url);
    if (way !== 'stay') event.preventDefault();
    if (way === 'outside' && event.isMainFrame) void shell.openExternal(event.url);
  });
  // Neither a redirect nor a frame is a person's click: they stay, or go nowhere.
  contents.on('will-redirect', (event) => {
    if (navigationTo(event.url) !== 'stay') event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame && !mayBeFramed(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (navigationTo(url) === 'outside') void shell.openExternal(url);
    return { action: 'deny' };
  });
}

/** Denies every power of the browser that isPermitted does not name, every device, and every request that would leave. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, callback, { requestingUrl }) =>
    callback(isPermitted(permission, requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin) =>
    isPermitted(permission, requestingOrigin),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => callback({}));
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest(({ url }, callback) => callback({ cancel: !isOwnRequest(url) }));
}
