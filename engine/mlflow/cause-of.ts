import type { Cause } from '../registry/index.ts';
import type { Call } from './endpoint.ts';

/** Who changes the registry with a request, as far as the client tells: the run that its program is, or a user's name. */
export function causeOf({ rooms, request, user }: Call): Cause {
  return {
    at: rooms.now(),
    // `run` is what the printed address has in place of a name.
    who: /^[0-9a-f]{32}$/.test(user) ? `run ${user}` : user === 'run' ? '' : user.slice(0, 250),
    via: (request.headers.get('user-agent') ?? 'an MLflow client').slice(0, 250),
  };
}
