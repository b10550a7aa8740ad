import type { WindowResponse } from '../window-files/index.ts';
import { isAppUrl } from './app-address.ts';

/** Answers one request of the window for its own files, as a server would. Everything else is 404 or 405. */
export async function appResponse(
  request: Request,
  windowFile: (pathname: string, ifNoneMatch: string | null) => Promise<WindowResponse>,
): Promise<Response> {
  if (!isAppUrl(request.url)) return new Response(null, { status: 404 });
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } });
  }
  const { status, headers, body } = await windowFile(
    new URL(request.url).pathname,
    request.headers.get('if-none-match'),
  );
  return new Response(request.method === 'HEAD' ? null : body, { status, headers });
}
