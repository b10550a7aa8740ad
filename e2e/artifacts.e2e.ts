import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';

/** A server beside the engine, that counts who comes: nothing in a recorded file may. */
async function startBait() {
  let connections = 0;
  const server = createServer((_request, response) => response.end('caught'));
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const hostilePage = (bait: string, origin: string) => `<!doctype html><html><head>
<style>h1 { color: rgb(1, 2, 3) } div { background: url(${bait}/style) }</style>
<style>@import url(${bait}/import);</style>
<link rel="preconnect" href="${bait}"><LINK
rel="prefetch" href="${bait}/prefetch"><link rel="stylesheet" href="${bait}/sheet"><link rel="icon" href="${bait}/icon">
<meta http-equiv="refresh" content="0; url=${bait}/refresh"><base href="${bait}/">
<script>document.title = 'ran'; fetch('${bait}/fetch'); top.location = '${bait}/script'</script>
<script src="${bait}/script.js"></script></head>
<body onload="document.body.append('ran')"><h1 id=top>Report</h1><div>styled</div>
<img alt="far" src="${bait}/far.png" onerror="document.body.append('ran')"><img alt="near" src="${pixel}"><img alt="own" src="${origin}/icon.svg?own-origin">
<iframe src="${bait}/frame"></iframe><iframe srcdoc="<script>parent.document.body.append('ran')</script>"></iframe>
<object data="${bait}/object"></object><embed src="${bait}/embed"><video autoplay src="${bait}/video"></video>
<form action="${bait}/form" target="_top"><button>Send</button></form>
<a href="${bait}/top" target="_top">Upwards</a> <a href="${bait}/blank" target="_blank">Beside</a>
<a href="javascript:document.body.append('ran')">Script</a> <a href="${bait}/download" download>Fetch</a>
<a href="${bait}/self" ping="${bait}/ping">Onwards</a></body></html>`;

const hostileDrawing = (bait: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><script>top.location = '${bait}/svg'</script>` +
  `<style>@import url(${bait}/svg.css);</style><image href="${bait}/svg.png" width="9" height="9"/>` +
  `<rect width="80" height="40" fill="teal"/><a href="${bait}/link" target="_top"><text y="20">Out</text></a></svg>`;

test('recorded HTML and SVG are shown, and run, request and open nothing', async ({ window, host }) => {
  const { origin, hash } = new URL(host.url());
  const authorization = `Bearer ${hash.replace('#token=', '')}`;
  const bait = await startBait();
  const created = await fetch(`${origin}/api/2.0/mlflow/runs/create`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ experiment_id: '0', run_name: 'report' }),
  });
  const { run } = (await created.json()) as { run: { info: { run_id: string } } };
  for (const [name, body] of [
    ['report.html', hostilePage(bait.address, origin)],
    ['drawing.svg', hostileDrawing(bait.address)],
  ] as const) {
    const put = await fetch(
      `${origin}/api/2.0/mlflow-artifacts/artifacts/0/${run.info.run_id}/artifacts/${name}`,
      { method: 'PUT', headers: { authorization }, body },
    );
    expect(put.status).toBe(200);
  }
  await window.goto(host.url(`/runs/${run.info.run_id}`));
  const parts = window.getByRole('navigation', { name: 'Parts of the run' });
  // An experiment without traces has no such part.
  await expect(parts.getByRole('link', { name: 'Traces' })).toHaveCount(0);
  await parts.getByRole('link', { name: 'Artifacts' }).click();
  const address = window.url();
  const answered: string[] = [];
  window.on('response', (response) => answered.push(response.url()));
  let opened = 0;
  window.context().on('page', () => opened++);
  window.on('download', () => opened++);

  await window.getByRole('button', { name: 'report.html' }).click();
  const page = window.frameLocator('iframe');
  await expect(page.getByRole('heading', { name: 'Report' })).toHaveCSS('color', 'rgb(1, 2, 3)');
  await expect
    .poll(() => page.getByAltText('near').evaluate((image) => (image as HTMLImageElement).naturalWidth))
    .toBe(1);
  for (const name of ['Send', 'Upwards', 'Beside', 'Script', 'Fetch'])
    await page.getByText(name, { exact: true }).click();
  await window.waitForTimeout(500);
  await expect(page.getByText(/^ran/)).toHaveCount(0);
  await window.screenshot({ path: join(test.info().outputDir, 'hostile-page.png') });
  // The frame itself leads nowhere either.
  await page.getByText('Onwards', { exact: true }).click();
  await window.waitForTimeout(500);
  await expect(page.getByRole('heading', { name: 'Report' })).toBeVisible();

  await window.getByRole('button', { name: 'drawing.svg' }).click();
  const drawing = window.getByRole('img', { name: 'drawing.svg' });
  await expect.poll(() => drawing.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(80);
  await drawing.click();
  await window.waitForTimeout(300);

  expect(window.url()).toBe(address);
  expect(opened).toBe(0);
  expect(answered.filter((url) => url.includes('own-origin'))).toEqual([]);
  expect(bait.connections()).toBe(0);

  await window.getByRole('button', { name: 'report.html' }).click();
  await window.getByRole('button', { name: 'Source' }).click();
  await expect(window.getByText('<script>document.title').first()).toBeVisible();
  await bait.stop();
});
