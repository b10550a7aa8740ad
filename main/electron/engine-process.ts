import { join } from 'node:path';
import { createMessagePort, errorShapeOf, type MessagePortLike } from '../../contract/index.ts';
import { defaultHomePath } from '../../engine/index.ts';
import { engineRequest, type EngineNotice } from './engine-messages.ts';
import { openEngine } from './engine-source.ts';
import { keychainOver } from './keychain-over.ts';
import { isFromIcon, takeLoginPath } from './login-path.ts';
import { likeMessagePort } from './message-port-main.ts';
import { tablesOver } from './tables-over.ts';

// The engine's own process. Whatever goes wrong here, the window lives on and is told; see engine-host.ts.
const host = process.parentPort;
if (isFromIcon(process.env, process.platform)) {
  takeLoginPath(process.env, join(defaultHomePath(), 'login-path.json')).catch((error: unknown) => {
    process.stderr.write(`The login shell's PATH was not taken over: ${String(error)}\n`);
  });
}
const keepAwake = (isWanted: boolean) =>
  host.postMessage({ kind: 'keep-awake', isWanted } satisfies EngineNotice);
const holdAwake = () => {
  keepAwake(true);
  return () => keepAwake(false);
};
/** Each asked for a process that reads tables, and gets the port to it. */
const wantTables: ((port: MessagePortLike) => void)[] = [];
const startTables = () => {
  const port = new Promise<MessagePortLike>((resolve) => wantTables.push(resolve));
  host.postMessage({ kind: 'start-tables' } satisfies EngineNotice);
  return tablesOver(port);
};
const { keychain, answered } = keychainOver((question) =>
  host.postMessage({ kind: 'keychain', ...question } satisfies EngineNotice),
);
const hosts = { holdAwake, startTables, keychain: process.argv.includes('--keychain') ? keychain : null };
const source = openEngine(defaultHomePath(), hosts, () => {
  process.stderr.write('The engine that this window had joined is gone.\n');
  process.exit(0);
});

source.catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  host.postMessage({ kind: 'cannot-start', error: errorShapeOf(error) } satisfies EngineNotice);
});

host.on('message', ({ data, ports }) => {
  const request = engineRequest.parse(data);
  if (request.kind === 'close') {
    void source.then((engine) => engine.close()).finally(() => process.exit(0));
    return;
  }
  if (request.kind === 'keychain') return answered(request.id, request.text);
  const [port] = ports;
  if (port === undefined) return;
  if (request.kind === 'tables') return wantTables.shift()?.(likeMessagePort(port));
  // Held by the channel until somebody listens: what the page says before the engine is up is not lost.
  source.then(
    (engine) => engine.connect(createMessagePort(likeMessagePort(port))),
    () => port.close(),
  );
});
