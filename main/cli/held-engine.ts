import { enableCompileCache } from 'node:module';

// The engine that a command has started, in a process of its own. It is given the home, how long it stays when nobody needs it any more,
// in seconds, and where the command keeps compiled code. The command speaks to it over the channel between the two; everybody else at
// the address that it announces.
const [home = '', idleSeconds = '', compileCache] = process.argv.slice(2);
const idleAfterMs = Number(idleSeconds) * 1000;
enableCompileCache(compileCache);
const { openProcessPort } = await import('../process-port.ts');
const { serveHome } = await import('./serve-home.ts');

try {
  const { engine, served, close } = await serveHome({ home, port: 0, needsToken: true, artifactRoot: null });
  engine.connect(openProcessPort(process));
  process.send?.('ready');
  let busyAt = Date.now();
  setInterval(() => {
    if (process.connected || served.connectionCount() > 0 || engine.jobCount() > 0) busyAt = Date.now();
    else if (Date.now() - busyAt > idleAfterMs) void close();
  }, 1000);
} catch (error) {
  // Not the whole contract by its index: then whatever else takes a word from it would load all of it.
  const { errorText } = await import('./error-text.ts');
  // Its standard error is the log that the command names.
  console.error(errorText(error));
  process.exitCode = 1;
}
