const storageKey = 'benchtop-token';

/**
 * The token of this session. It arrives once in the address's fragment, which never reaches a server, a log or a
 * referrer; it is taken out of the address bar at once and kept for as long as this tab lives.
 */
export function takeSessionToken(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null || token === '') return sessionStorage.getItem(storageKey);
  sessionStorage.setItem(storageKey, token);
  history.replaceState(history.state, '', location.pathname + location.search);
  return token;
}
