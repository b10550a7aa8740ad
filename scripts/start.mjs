import { enterProductNode, projectRoot } from './bootstrap.mjs';

// `npm start`: the Electron window where it can be had, the same window in the browser otherwise.
await enterProductNode(import.meta.url);
const { buildBeforeStart } = await import('./build.mjs');
const { electronBinary, electronPackage, fetchElectron, hasDisplay } = await import('./electron-binary.mjs');
const { endLike, runChild } = await import('./run-child.mjs');
const { runCli } = await import('./run-cli.mjs');

const args = process.argv.slice(2).filter((argument) => argument !== '--fetch-electron');
const insist = process.argv.includes('--fetch-electron');

const [window] = await Promise.all([electronWindow(), buildBeforeStart(projectRoot)]);
if (typeof window === 'string') {
  process.stderr.write(`benchtop: no Electron window: ${window}. Opening it in the browser instead.\n`);
  await runCli(projectRoot, ['serve', '--open', ...args]);
} else {
  const env = { ...process.env };
  delete env.ELECTRON_RUN_AS_NODE;
  endLike(await runChild(window.binary, [projectRoot, ...args], { env }));
}

/** @returns {Promise<{ binary: string } | string>} the binary, or why there is none */
async function electronWindow() {
  if (!hasDisplay(process.platform, process.env)) return 'this session has no display';
  const electron = electronPackage(projectRoot);
  if (electron === null) return 'the electron package is not installed';
  const find = () => electronBinary(electron.folder, process.platform, process.env);
  const present = find();
  if (present !== null) return { binary: present };
  const reason = await fetchElectron(projectRoot, electron, insist);
  const fetched = find();
  return fetched === null ? (reason ?? 'the fetched package holds no binary') : { binary: fetched };
}
