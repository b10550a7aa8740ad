import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, expect, test, type ElectronApplication, type Page } from '@playwright/test';

// The shell itself, in a real Electron. `npm test` runs this where a binary and a display are, and counts it as skipped
// with the reason elsewhere.
const executablePath = process.env.ELECTRON_BINARY;
test.skip(executablePath === undefined, 'no Electron binary on this machine');

const root = fileURLToPath(new URL('..', import.meta.url));
const runId = '0123456789abcdef0123456789abcdef';
let folder: string;
let program: ElectronApplication;
let page: Page;

const launchArguments = () => [root, `--user-data-dir=${join(folder, 'user')}`];

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-electron-'));
  program = await _electron.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [...launchArguments(), ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    env: { ...process.env, BENCHTOP_HOME: join(folder, 'home') },
  });
  page = await program.firstWindow();
});
test.afterEach(async () => {
  await program.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the window opens on its own origin, walled off, with an engine behind it', async () => {
  expect(new URL(page.url()).href).toMatch(/^app:\/\/benchtop\//);
  expect(await page.evaluate(() => typeof (globalThis as { require?: unknown }).require)).toBe('undefined');
  const preferences = await program.evaluate(({ BrowserWindow }) =>
    (
      BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>;
      }
    ).getLastWebPreferences(),
  );
  expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false });
  // What only a page that heard from the engine shows.
  await expect(page.getByRole('main')).toBeVisible();
  await expect(page.getByText(/engine (is )?not reachable/i)).toHaveCount(0);
});

test('a page can neither leave nor open another window, nor reach outside, nor ask for a power', async () => {
  const address = page.url();
  await page.evaluate(() => window.open('http://127.0.0.1:9/'));
  await page.evaluate(() => window.location.assign('http://127.0.0.1:9/'));
  await page.evaluate(() => window.location.assign('file:///etc/passwd')).catch(() => undefined);
  await page.waitForTimeout(500);
  expect(page.url()).toBe(address);
  expect(program.windows()).toHaveLength(1);
  const reached = await page.evaluate(() =>
    fetch('http://127.0.0.1:9/').then(
      () => 'reached',
      () => 'refused',
    ),
  );
  expect(reached).toBe('refused');
  const location = await page.evaluate(() =>
    navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state),
  );
  expect(location).toBe('denied');
});

test('a second start hands over its link and ends', async () => {
  const second = await _electron
    .launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [...launchArguments(), `benchtop://run/${runId}`],
    })
    .catch(() => null);
  await expect(page).toHaveURL(`app://benchtop/runs/${runId}`);
  await second?.close();
});

test('when the engine is killed the page comes back by itself', async () => {
  const engines = () =>
    program.evaluate(({ app }) =>
      app
        .getAppMetrics()
        .filter(({ name, serviceName }) => [name, serviceName].includes('Benchtop engine'))
        .map(({ pid }) => pid),
    );
  await expect.poll(engines).toHaveLength(1);
  const [before] = await engines();
  process.kill(before!, 'SIGKILL');
  await expect
    .poll(async () => (await engines()).filter((pid) => pid !== before), { timeout: 20_000 })
    .toHaveLength(1);
  await expect(page.getByText(/engine stopped/i)).toHaveCount(0, { timeout: 20_000 });
});
