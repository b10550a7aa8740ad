import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { projectRoot } from './bootstrap.mjs';

const cli = `
import { readFileSync } from 'node:fs';
import { startReader } from '../../engine/start-reader.ts';
const [command, value] = process.argv.slice(2);
if (command === 'args') console.log(JSON.stringify(process.argv.slice(2)));
if (command === 'version') console.log(process.versions.node);
if (command === 'exit') process.exit(Number(value));
if (command === 'read') console.log(await startReader());
if (command === 'note') console.log(readFileSync(new URL('../../resources/note.txt', import.meta.url), 'utf8'));
if (command === 'script') console.log(readFileSync(new URL('./wrapper.sh', import.meta.url), 'utf8'));
if (command === 'preload') console.log(new URL('../../preload/preload.ts', import.meta.url).pathname);
if (command === 'window') console.log(new URL('../../out/window/', import.meta.url).pathname);
if (command === 'wait') {
  const timer = setInterval(() => {}, 1000);
  process.on('SIGTERM', () => { console.log('SIGTERM'); clearInterval(timer); process.exitCode = 7; });
  process.on('SIGINT', () => { console.log('SIGINT'); clearInterval(timer); process.exitCode = 8; });
  console.log('ready ' + process.pid);
}
`;

const files: Record<string, string> = {
  'package.json': JSON.stringify({
    name: 'benchtop',
    version: '0.0.0',
    private: true,
    type: 'module',
    bin: { benchtop: 'scripts/benchtop.mjs' },
    scripts: { start: 'node scripts/start.mjs' },
  }),
  'contract/greeting.ts': "export const greeting: string = 'hello';\n",
  'engine/reader.ts':
    "import { parentPort } from 'node:worker_threads';\nimport Database from 'better-sqlite3';\nimport { greeting } from '../contract/greeting.ts';\nparentPort?.postMessage(`${greeting} ${new Database(':memory:').prepare('select 6 * 7').pluck().get()}`);\n",
  'engine/runner/log-search/search-worker.ts':
    "import { parentPort } from 'node:worker_threads';\nparentPort?.postMessage('ready');\n",
  'engine/objects/objects-worker.ts':
    "import { parentPort } from 'node:worker_threads';\nparentPort?.postMessage('ready');\n",
  'engine/sql/sql-worker.ts':
    "import { parentPort } from 'node:worker_threads';\nparentPort?.postMessage('ready');\n",
  'engine/gates/evaluation/evaluation-worker.ts':
    "import { parentPort } from 'node:worker_threads';\nparentPort?.postMessage('ready');\n",
  'engine/data/tables/table-process.ts': "process.send?.('ready');\n",
  'engine/start-reader.ts':
    "import { Worker } from 'node:worker_threads';\nexport function startReader(): Promise<string> {\n  return new Promise((resolve) => new Worker(new URL('./reader.ts', import.meta.url)).once('message', resolve));\n}\n",
  'main/cli/benchtop.ts': cli,
  'main/cli/held-engine.ts': "process.send?.('ready');\n",
  'main/cli/wrapper.sh': '#!/bin/sh\n',
  'main/electron/main.ts': "import { app } from 'electron';\nvoid app;\n",
  'main/electron/engine-process.ts': "export { startReader } from '../../engine/start-reader.ts';\n",
  'preload/preload.ts':
    "import { contextBridge } from 'electron';\nimport { greeting } from '../contract/greeting.ts';\ncontextBridge.exposeInMainWorld('greeting', greeting);\n",
  'renderer/index.html': '<!doctype html><script type="module" src="./page.tsx"></script>\n',
  'renderer/page.tsx':
    "import { createRoot } from 'react-dom/client';\ncreateRoot(document.body).render(<b>hello</b>);\n",
  'resources/note.txt': 'a note\n',
};

export type FixtureHouse = { root: string; write: (path: string, text: string) => void; remove: () => void };

/**
 * A whole small Benchtop in a temporary folder: this checkout's scripts and packages around entries of a few
 * lines, so that the scripts are tested by running them.
 */
export function fixtureHouse(): FixtureHouse {
  const root = mkdtempSync(join(tmpdir(), 'benchtop-house-'));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  mkdirSync(join(root, 'scripts'));
  for (const name of readdirSync(join(projectRoot, 'scripts'))) {
    if (name.endsWith('.mjs')) cpSync(join(projectRoot, 'scripts', name), join(root, 'scripts', name));
  }
  symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'), 'junction');
  return { root, write, remove: () => rmSync(root, { recursive: true, force: true }) };
}
