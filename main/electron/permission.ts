import { isAppUrl } from './app-address.ts';

/**
 * Whether a page may use a power of the browser. None but one: the window's own page may put text on the clipboard,
 * because everything in it can be copied. It may never read from there.
 */
export function isPermitted(permission: string, requestingUrl: string): boolean {
  return permission === 'clipboard-sanitized-write' && isAppUrl(requestingUrl);
}
