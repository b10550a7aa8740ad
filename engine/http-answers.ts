import { Hono } from 'hono';
import { BenchtopError, errorShapeOf } from '../contract/index.ts';
import { mlflowRoutes } from './mlflow/index.ts';
import { objectsPath } from './http-paths.ts';
import { objectResponse } from './objects/index.ts';

/** All that the engine answers over HTTP: stored files by their content, and MLflow's dialect. */
export function createHttpAnswers(
  rooms: Parameters<typeof mlflowRoutes>[0],
  unexpected: (error: unknown, where: string) => void,
): Hono {
  const http = new Hono();
  http.get(`${objectsPath}/:id`, (context) =>
    objectResponse(
      rooms.objects,
      context.req.raw,
      { objectId: context.req.param('id'), name: null },
      // The address is the content's hash, so it can never go stale.
      { 'cache-control': 'private, max-age=31536000, immutable' },
    ),
  );
  http.notFound((context) =>
    context.json({ code: 'not-found', what: `There is nothing at ${context.req.path}.` }, 404),
  );
  http.onError((error, context) => {
    const expected = error instanceof BenchtopError;
    if (!expected) unexpected(error, context.req.path);
    return context.json(
      errorShapeOf(error),
      error instanceof BenchtopError ? (error.code === 'not-found' ? 404 : 400) : 500,
    );
  });
  http.route('/', mlflowRoutes(rooms, unexpected));
  return http;
}
