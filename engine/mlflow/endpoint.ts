import type { Objects } from '../objects/index.ts';
import type { Registry } from '../registry/index.ts';
import type { Store } from '../store/index.ts';
import type { Tracking } from '../tracking/index.ts';
import { readRequest, type RequestOf, type RequestShape, type Type } from './message.ts';
import { readParameters } from './read-body.ts';

/** The rooms behind the dialect. */
export interface Rooms {
  readonly store: Store;
  readonly tracking: Tracking;
  readonly objects: Objects;
  readonly registry: Pick<Registry, 'change' | 'used'>;
  /** Where experiments without a location of their own keep their artifacts, as URI; null for the proxy. */
  readonly artifactRoot: string | null;
  /** Told where data sets that were logged as inputs of a run come from, as their clients say; must return at once. */
  readonly onSourcesLogged: (runId: string, sources: readonly string[]) => void;
  /** Milliseconds UTC. */
  readonly now: () => number;
}

/** One request on its way. */
export interface Call {
  readonly rooms: Rooms;
  readonly request: Request;
  /** The user part of the tracking URI: the id of the supervised run that the client is a part of, or any word. */
  readonly user: string;
  /** Values of the path's `:names`. */
  readonly path: Readonly<Record<string, string>>;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Endpoint {
  readonly method: Method;
  /** Below `/api/<version>/`, as hono patterns: `mlflow/runs/create`, `mlflow/logged-models/:model_id`. */
  readonly path: string;
  answer(call: Call): Promise<Response>;
}

const jsonHeaders = { 'content-type': 'application/json' };

/**
 * An endpoint that reads a JSON request of a shape and answers with JSON. Names in the path count as fields.
 * @param answer may give the JSON as text.
 */
export function endpoint<F extends Readonly<Record<string, Type<unknown>>>, R extends keyof F & string>(
  method: Method,
  path: string,
  request: RequestShape<F, R>,
  answer: (input: RequestOf<F, R>, call: Call) => object | Promise<object | string>,
): Endpoint {
  return {
    method,
    path: `mlflow/${path}`,
    async answer(call) {
      const parameters = await readParameters(call.request, request.fields);
      const input = readRequest(request, { ...parameters, ...call.path });
      const json = await answer(input, call);
      // A text, unlike Response.json, is written as it is, without a stream in between.
      return new Response(typeof json === 'string' ? json : JSON.stringify(json), { headers: jsonHeaders });
    },
  };
}
