import { z } from 'zod';
import type { Cursor } from '../store/index.ts';
import { invalid } from './mlflow-error.ts';
import { jsonText, reprBytes } from './python-text.ts';

const token = z.object({ after: z.array(z.union([z.string(), z.number(), z.null()])) });

/** A page token: opaque to the client, the sort keys of the last row in base64 JSON. */
export const pageToken = (after: Cursor): string => Buffer.from(JSON.stringify({ after })).toString('base64');

/** Null for no token. @throws {MlflowError} for text that no page gave out. */
export function readPageToken(text: string | undefined): Cursor | null {
  if (text === undefined || text === '') return null;
  const significant = text.replaceAll(/[^A-Za-z0-9+/=]/g, '');
  if (significant.replaceAll('=', '').length % 4 === 1 || significant.length % 4 !== 0)
    throw invalid('Invalid page token, could not base64-decode');
  const bytes = Buffer.from(significant, 'base64');
  const decoded = bytes.toString('utf8');
  let json: unknown;
  try {
    json = JSON.parse(decoded);
  } catch {
    throw invalid(`Invalid page token, decoded value=${reprBytes(bytes)}`);
  }
  const parsed = token.safeParse(json);
  if (!parsed.success) throw invalid(`Invalid page token, parsed value=${jsonText(json)}`);
  return parsed.data.after;
}
