import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchtopError } from '../../contract/benchtop-error.ts';
import { contentType } from './content-type.ts';
import { securityHeaders } from './security-headers.ts';

export interface WindowResponse {
  status: 200 | 304 | 400 | 404;
  headers: Record<string, string>;
  body: Uint8Array<ArrayBuffer> | null;
}

interface WindowFile {
  body: Uint8Array<ArrayBuffer>;
  etag: string;
}

/**
 * Answers requests for the built window in `root`, for both hosts.
 *
 * All files are read once, at the first request, and found by their exact name in memory: a request is never turned into a
 * path, so none can leave `root`, and a build that replaces the files does not pull the floor from under an open page.
 * What is no file is a page of the window and gets `index.html`, except below `/assets/`.
 * In `index.html` the word `__CSP_NONCE__` becomes the nonce of that one answer.
 *
 * `ifNoneMatch` is the request's header of that name; an unchanged file is then answered with 304 and no body.
 * Throws `file-unreadable` when the window has not been built.
 */
export function createWindowFiles(
  root: string,
): (pathname: string, ifNoneMatch?: string | null) => Promise<WindowResponse> {
  let reading: Promise<Map<string, WindowFile>> | undefined;

  return async (pathname, ifNoneMatch = null) => {
    reading ??= readWindow(root).catch((error: unknown) => {
      reading = undefined;
      throw error;
    });
    return windowResponse(await reading, pathname, ifNoneMatch);
  };
}

function windowResponse(
  files: ReadonlyMap<string, WindowFile>,
  pathname: string,
  ifNoneMatch: string | null,
): WindowResponse {
  const nonce = randomBytes(16).toString('base64');
  const headers = securityHeaders(nonce);
  const path = decodedPath(pathname);
  if (path === null) return { status: 400, headers, body: null };

  const file = path === '/index.html' ? undefined : files.get(path);
  if (file !== undefined) {
    headers['content-type'] = contentType(path);
    headers['etag'] = file.etag;
    // Names below /assets/ carry a hash of their content; another content is another name.
    headers['cache-control'] = path.startsWith('/assets/')
      ? 'public, max-age=31536000, immutable'
      : 'no-cache';
    if (ifNoneMatch === file.etag) return { status: 304, headers, body: null };
    return { status: 200, headers, body: file.body };
  }

  headers['cache-control'] = 'no-store';
  const index = files.get('/index.html');
  if (index === undefined || !isPage(path)) return { status: 404, headers, body: null };
  headers['content-type'] = contentType('index.html');
  const text = new TextDecoder().decode(index.body).replaceAll('__CSP_NONCE__', nonce);
  return { status: 200, headers, body: new TextEncoder().encode(text) };
}

/** The path as the file names are written, or null where the escapes mean nothing. */
function decodedPath(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    // Broken escapes are the sender's mistake; the caller answers 400.
    return null;
  }
}

function isPage(path: string): boolean {
  if (!path.startsWith('/') || path.startsWith('/assets/')) return false;
  if (path.includes('\\') || path.includes('\0')) return false;
  return !path.split('/').includes('..');
}

/** Every regular file below `root` by its path in a URL. Source maps stay on disk: nobody is served them. */
async function readWindow(root: string): Promise<Map<string, WindowFile>> {
  const files = new Map<string, WindowFile>();
  async function readFolder(folder: string, prefix: string): Promise<void> {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await readFolder(path, `${prefix}${entry.name}/`);
      if (!entry.isFile() || entry.name.endsWith('.map')) continue;
      const body = new Uint8Array(await readFile(path));
      const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
      files.set(prefix + entry.name, { body, etag });
    }
  }
  try {
    await readFolder(root, '/');
  } catch (error) {
    throw notBuilt(root, error);
  }
  if (!files.has('/index.html')) throw notBuilt(root, undefined);
  return files;
}

function notBuilt(root: string, cause: unknown): BenchtopError {
  return new BenchtopError(
    {
      code: 'file-unreadable',
      what: `The window's files are not at ${root}.`,
      ...(cause instanceof Error ? { evidence: cause.message } : {}),
      next: 'Build them with `npm start`, or install Benchtop again.',
    },
    { cause },
  );
}
