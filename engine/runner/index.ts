import { BenchtopError, type RoomHandlers } from '../../contract/index.ts';

const notYet = (): never => {
  throw new BenchtopError({ code: 'unsupported', what: 'Runs cannot be started yet.' });
};

export function createRunner(_options: object) {
  const handlers: RoomHandlers<'runner'> = {
    start: notYet,
    cancel: notYet,
    jobs: () => [],
    log: notYet,
    followLog: notYet,
  };
  return {
    handlers,
    start: notYet,
    wait: notYet,
    cancel: notYet,
    recover: async () => undefined,
    close: async () => undefined,
  };
}
