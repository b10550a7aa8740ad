/** The one origin of the window's pages. A standard, secure scheme: pages have an origin, storage and `'self'`. */
export const appScheme = 'app';
export const appOrigin = 'app://benchtop';

/** Whether an address belongs to the window itself; nothing else may be shown in it or talk to it. */
export function isAppUrl(address: string): boolean {
  const url = URL.parse(address);
  return (
    url !== null &&
    url.protocol === `${appScheme}:` &&
    url.host === 'benchtop' &&
    url.username === '' &&
    url.password === ''
  );
}

/** Whether a page may load an address at all: its own files, what it made itself, and the developer tools. */
export function isOwnRequest(address: string): boolean {
  return isAppUrl(address) || /^(blob|data|devtools):/.test(address);
}
