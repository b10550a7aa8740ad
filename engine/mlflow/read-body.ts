import { invalid, MlflowError } from './mlflow-error.ts';
import type { Type } from './message.ts';

/** Larger bodies are refused; a full `log-batch` is below 10 MB. */
const maxBodyBytes = 64 * 1024 * 1024;

/**
 * The parameters of a request: of the query for GET, else of the JSON body. A body may be a JSON text that holds JSON,
 * as old clients send it; an empty one is no parameters.
 * @throws {MlflowError}
 */
export async function readParameters(
  request: Request,
  fields: Readonly<Record<string, Type<unknown>>>,
): Promise<Record<string, unknown>> {
  if (request.method === 'GET') return queryParameters(new URL(request.url).searchParams, fields);
  if (request.method === 'POST' || request.method === 'PUT') {
    const contentType = request.headers.get('content-type');
    if (contentType === null) throw invalid('Bad Request. Content-Type header is missing.');
    if (contentType.split(';')[0]?.trim() !== 'application/json')
      throw invalid("Bad Request. Content-Type must be one of ['application/json'].");
  }
  const text = await bodyText(request);
  if (text.trim() === '') return {};
  let json = parseJson(text);
  if (typeof json === 'string') json = parseJson(json);
  if (json === null) return {};
  if (typeof json !== 'object' || Array.isArray(json))
    throw invalid('Bad Request. The body must be a JSON object.');
  return json as Record<string, unknown>;
}

function queryParameters(
  query: URLSearchParams,
  fields: Readonly<Record<string, Type<unknown>>>,
): Record<string, unknown> {
  const parameters: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = query.get(name);
    if (value === null) continue;
    if (field.isList === true) parameters[name] = query.getAll(name);
    else if (field.isBoolean === true) {
      if (!/^(true|false)$/i.test(value))
        throw invalid(`Invalid boolean value: ${value}, must be 'true' or 'false'.`);
      parameters[name] = value.toLowerCase() === 'true';
    } else parameters[name] = value;
  }
  return parameters;
}

async function bodyText(request: Request): Promise<string> {
  const length = request.headers.get('content-length');
  try {
    if (length === null) return await textOfUnknownLength(request);
    if (Number(length) > maxBodyBytes) throw tooLarge();
    // The server reads no more than the length that was told, so it need not be counted again.
    return await request.text();
  } catch (error) {
    if (error instanceof MlflowError) throw error;
    throw new MlflowError('INVALID_PARAMETER_VALUE', 'The request ended before its body was complete.', {
      cause: error,
    });
  }
}

const tooLarge = () =>
  new MlflowError('REQUEST_TOO_LARGE', `A request body may have at most ${maxBodyBytes} bytes.`);

async function textOfUnknownLength(request: Request): Promise<string> {
  if (request.body === null) return '';
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body as unknown as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > maxBodyBytes) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MlflowError(
      'INVALID_PARAMETER_VALUE',
      `Bad Request. The body is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}
