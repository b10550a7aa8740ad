import { isAppUrl } from './app-address.ts';

/** `stay`: the window may show it. `outside`: the person's own browser may. `refuse`: nobody does. */
export type Navigation = 'stay' | 'outside' | 'refuse';

/** Whether a frame inside the window's page may show an address: what the page itself made, such as a recorded HTML file. */
export const mayBeFramed = (address: string): boolean =>
  address.startsWith('blob:') && isAppUrl(address.slice('blob:'.length));

/**
 * Where an address that a page wants to go to may lead. Refuses unless a rule allows: the window's own pages stay,
 * a plain https address goes to the system's browser, and everything else (file:, javascript:, data:, http:, an address with
 * a password in it) goes nowhere.
 */
export function navigationTo(address: string): Navigation {
  if (isAppUrl(address)) return 'stay';
  const url = URL.parse(address);
  if (url === null || url.protocol !== 'https:') return 'refuse';
  return url.username === '' && url.password === '' ? 'outside' : 'refuse';
}
