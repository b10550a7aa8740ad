import { Hono, type Context } from 'hono';
import { isDiskFull } from '../disk-full.ts';
import { assessmentEndpoints } from './assessments.ts';
import { artifactEndpoints, proxyEndpoints } from './artifacts.ts';
import type { Endpoint, Rooms } from './endpoint.ts';
import { experimentEndpoints } from './experiments.ts';
import { loggedModelEndpoints } from './logged-models.ts';
import { metricEndpoints } from './metrics.ts';
import { mlflowErrorOf, MlflowError } from './mlflow-error.ts';
import { modelVersionEndpoints } from './model-versions.ts';
import { receiveSpans } from './otlp.ts';
import { callPaths, spansPath, versionPath } from './paths.ts';
import { registeredModelEndpoints } from './registered-models.ts';
import { linkEndpoints } from './run-links.ts';
import { loggingEndpoints } from './run-logging.ts';
import { runEndpoints } from './runs.ts';
import { dialectVersion, serverInfoEndpoint } from './server-facts.ts';
import { traceEndpoints } from './traces.ts';
import { unsupported } from './unsupported.ts';

/** Every route that is answered, below `/api/<version>/`. */
export const endpoints: readonly Endpoint[] = [
  ...experimentEndpoints,
  ...runEndpoints,
  ...loggingEndpoints,
  ...linkEndpoints,
  ...metricEndpoints,
  ...artifactEndpoints,
  ...proxyEndpoints,
  ...loggedModelEndpoints,
  ...registeredModelEndpoints,
  ...modelVersionEndpoints,
  ...traceEndpoints,
  ...assessmentEndpoints,
  serverInfoEndpoint,
];

/** Some calls are of version 3. */
const prefixes = callPaths.flatMap((path) => [`${path}/2.0`, `${path}/3.0`]);

/**
 * MLflow's REST dialect over the engine's rooms. Bad input is always a 4xx: the client repeats a 5xx for minutes.
 * @param unexpected hears of failures that nobody expected, once.
 */
export function mlflowRoutes(rooms: Rooms, unexpected: (error: unknown, where: string) => void): Hono {
  const http = new Hono();
  const answering = (answer: Endpoint['answer']) => async (context: Context) => {
    try {
      return await answer({
        rooms,
        request: context.req.raw,
        user: userOf(context.req.header('authorization')),
        path: context.req.param(),
      });
    } catch (error) {
      return failure(error, context, unexpected);
    }
  };
  http.post(spansPath, answering(receiveSpans));
  for (const prefix of prefixes) {
    for (const { method, path, answer } of endpoints) http.on(method, `${prefix}/${path}`, answering(answer));
    for (const { prefix: own, what } of unsupported) {
      const refuse = () => new MlflowError('NOT_IMPLEMENTED', what).toResponse();
      http.all(`${prefix}/${own}`, refuse);
      http.all(`${prefix}/${own}/*`, refuse);
    }
  }
  http.get(versionPath, (context) => context.text(dialectVersion));
  for (const prefix of callPaths)
    http.all(`${prefix}/*`, (context) =>
      new MlflowError(
        'ENDPOINT_NOT_FOUND',
        `There is nothing at ${context.req.method} ${context.req.path}.`,
      ).toResponse(),
    );
  return http;
}

function failure(
  error: unknown,
  context: Context,
  unexpected: (error: unknown, where: string) => void,
): Response {
  const known = mlflowErrorOf(error);
  if (known !== null) return known.toResponse();
  if (isDiskFull(error))
    return new MlflowError(
      'RESOURCE_EXHAUSTED',
      'The disk is full; this was not recorded. Free some space; recording goes on by itself.',
    ).toResponse();
  unexpected(error, context.req.path);
  return new MlflowError(
    'INTERNAL_ERROR',
    `Something inside Benchtop failed: ${error instanceof Error ? error.message : String(error)}`,
  ).toResponse();
}

/** The user part of Basic credentials; '' without. The host has checked the token beside it. */
function userOf(authorization: string | undefined): string {
  const [scheme = '', value = ''] = (authorization ?? '').split(' ', 2);
  return /^basic$/i.test(scheme)
    ? (Buffer.from(value, 'base64').toString('utf8').split(':', 1)[0] ?? '')
    : '';
}
