import { expect, test, type Locator, type Page } from '@playwright/test';
import { axeFindingsOfOneTheme } from '../axe-findings.ts';
import { plainScenario, type ChartPage, type Scenario } from './scenario.ts';
import { servePage } from './serve-page.ts';

let served: Awaited<ReturnType<typeof servePage>>;
let complaints: string[] = [];

test.beforeAll(async () => {
  test.setTimeout(120_000);
  served = await servePage();
});
test.afterAll(() => served.close());
test.beforeEach(async ({ page }) => {
  complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('404')) complaints.push(message.text());
  });
  await page.setViewportSize({ width: 1000, height: 700 });
  await page.goto(served.url);
});
test.afterEach(() =>
  expect(complaints, 'nothing in the console, content security policy included').toEqual([]),
);

/** Calls the fixture inside the page. */
declare const chartPage: ChartPage;

async function show(page: Page, changes: Partial<Scenario> = {}): Promise<void> {
  await page.evaluate((scenario) => chartPage.show(scenario), { ...plainScenario, ...changes });
  if (changes.data !== 'empty') await expect(page.locator('[data-x-label]').first()).toBeVisible();
  await settle(page);
}

/** Two frames later everything asked for is drawn. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

const plotOf = (page: Page): Locator => page.locator('figure [role=img]').first();
const readout = (page: Page): Locator => page.locator('[data-readout]').first();

/** Pixels of a layer that have ink: their extent, and the topmost of each column, in CSS pixels of the plot. */
async function ink(
  page: Page,
  layer = 'lines',
): Promise<{ left: number; right: number; top: number; bottom: number; tops: number[] }> {
  return page
    .locator(`canvas[data-layer=${layer}]`)
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { width, height } = canvas;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
      const found = {
        left: width,
        right: -1,
        top: height,
        bottom: -1,
        tops: Array.from({ length: width }, () => height),
      };
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          if ((data[(y * width + x) * 4 + 3] ?? 0) < 100) continue;
          found.left = Math.min(found.left, x);
          found.right = Math.max(found.right, x);
          found.top = Math.min(found.top, y);
          found.bottom = Math.max(found.bottom, y);
          found.tops[x] = Math.min(found.tops[x] ?? height, y);
        }
      }
      return found;
    });
}

async function drag(
  page: Page,
  from: [number, number],
  to: [number, number],
  key?: 'Shift' | 'Control',
): Promise<void> {
  const box = (await plotOf(page).boundingBox())!;
  if (key) await page.keyboard.down(key);
  await page.mouse.move(box.x + from[0], box.y + from[1]);
  await page.mouse.down();
  await page.mouse.move(box.x + (from[0] + to[0]) / 2, box.y + (from[1] + to[1]) / 2);
  await page.mouse.move(box.x + to[0], box.y + to[1]);
  await page.mouse.up();
  if (key) await page.keyboard.up(key);
  await settle(page);
}

const xLabels = (page: Page): Promise<string[]> =>
  page.locator('figure').first().locator('[data-x-label]').allTextContents();
const lastRange = (page: Page) => page.evaluate(() => chartPage.ranges.at(-1));

for (const [what, changes] of [
  ['stroked', { points: 700 }],
  ['painted', { points: 1000, lines: 20 }],
  ['a hundred thousand points', { points: 100_000 }],
  ['narrow', { points: 1000, width: 300 }],
] as const) {
  test(`a one-step spike reaches its height: ${what}`, async ({ page }) => {
    await show(page, { data: 'spike', ...changes });
    const drawn = await ink(page);
    const hairline = page.locator('.recharts-cartesian-grid-horizontal line');
    const ys = await hairline.evaluateAll((lines) =>
      lines.map((line) => Number(line.getAttribute('y1'))).sort((a, b) => a - b),
    );
    const labels = await page.locator('figure').first().locator('span[class*=yLabel]').allTextContents();
    const values = labels.map(Number).sort((a, b) => b - a);
    const pixelsPerUnit = (ys.at(-1)! - ys[0]!) / (values[0]! - values.at(-1)!);
    const expectedTop = ys[0]! + (values[0]! - 14.5) * pixelsPerUnit;
    expect(Math.abs(drawn.top - expectedTop)).toBeLessThan(2.5);
    const plotWidth = drawn.right - drawn.left;
    const spikeX = drawn.tops.indexOf(drawn.top);
    expect(Math.abs(spikeX - (617 / ((changes.points ?? 1000) - 1)) * plotWidth)).toBeLessThan(4);
  });
}

test('lines sit on the axes and inside them', async ({ page }) => {
  await show(page, { lines: 3 });
  const drawn = await ink(page);
  const axis = await page
    .locator('.recharts-xAxis line')
    .first()
    .evaluate((line) => ({
      left: Number(line.getAttribute('x1')),
      right: Number(line.getAttribute('x2')),
      y: Number(line.getAttribute('y1')),
    }));
  expect(Math.abs(drawn.left - axis.left)).toBeLessThanOrEqual(1);
  expect(Math.abs(drawn.right - axis.right)).toBeLessThanOrEqual(2);
  expect(drawn.bottom).toBeLessThanOrEqual(axis.y + 1);
});

test('drag zooms x, double-click goes one step back, and so does the query', async ({ page }) => {
  await show(page, { data: 'spike' });
  const whole = await xLabels(page);
  await drag(page, [300, 100], [600, 120]);
  const [low, high] = (await lastRange(page))!;
  expect(low).toBeGreaterThan(250);
  expect(high).toBeLessThan(750);
  expect(await xLabels(page)).not.toEqual(whole);
  await drag(page, [100, 100], [400, 120]);
  expect((await lastRange(page))![1]).toBeLessThan(high);
  await plotOf(page).dblclick({ position: { x: 300, y: 100 } });
  expect(await lastRange(page)).toEqual([low, high]);
  await plotOf(page).dblclick({ position: { x: 300, y: 100 } });
  expect(await lastRange(page)).toBeNull();
  expect(await xLabels(page)).toEqual(whole);
});

test('shift-drag zooms a box, and what it cuts off is hinted with value and step', async ({ page }) => {
  await show(page, { data: 'spike' });
  await drag(page, [200, 150], [800, 205], 'Shift');
  await expect(page.getByText('1 point above, max 14.5 at step 617')).toBeVisible();
  expect((await ink(page)).top).toBeLessThan(14);
});

test('ctrl-drag pans without a commit until it ends, alt+wheel zooms at the pointer', async ({ page }) => {
  await show(page, { lines: 3 });
  await drag(page, [300, 100], [500, 100]);
  const before = (await lastRange(page))!;
  const box = (await plotOf(page).boundingBox())!;
  await page.keyboard.down('Control');
  await page.mouse.move(box.x + 500, box.y + 100);
  await page.mouse.down();
  const commits = await page.evaluate(() => chartPage.commits);
  const still = await ink(page);
  for (let step = 1; step <= 8; step++) await page.mouse.move(box.x + 500 - step * 20, box.y + 100);
  await settle(page);
  expect((await ink(page)).tops).not.toEqual(still.tops);
  expect((await page.evaluate(() => chartPage.commits)) - commits).toBeLessThanOrEqual(1);
  await page.mouse.up();
  await page.keyboard.up('Control');
  const panned = (await lastRange(page))!;
  expect(panned[0]).toBeGreaterThan(before[0]);
  expect(panned[1] - panned[0]).toBeCloseTo(before[1] - before[0], 6);
  await page.keyboard.down('Alt');
  await page.mouse.wheel(0, -100);
  await page.keyboard.up('Alt');
  await expect
    .poll(async () => {
      const [a, b] = (await lastRange(page))!;
      return b - a;
    })
    .toBeLessThan(panned[1] - panned[0]);
});

test('the keyboard zooms, pans, reads values and goes back', async ({ page }) => {
  await show(page, { lines: 3 });
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(plotOf(page)).toBeFocused();
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  await expect.poll(() => lastRange(page)).toEqual([374.625, 624.375]);
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await lastRange(page))![0]).toBeGreaterThan(400);
  await page.keyboard.press('Shift+ArrowRight');
  await expect(readout(page)).toContainText('sunny-otter');
  const first = await readout(page).textContent();
  await page.keyboard.press('Shift+ArrowRight');
  await expect(readout(page)).not.toHaveText(first!);
  await expect(page.getByRole('status').first()).toContainText('step');
  await page.keyboard.press('Shift+ArrowUp');
  await expect(readout(page)).not.toContainText('sunny-otter');
  await page.keyboard.press('Escape');
  await expect.poll(() => lastRange(page)).toBeNull();
});

test('the readout names the nearest line at any count, beside the data', async ({ page }) => {
  await show(page, { lines: 100, data: 'spike' });
  const drawn = await ink(page);
  const spikeX = drawn.tops.indexOf(drawn.top);
  await plotOf(page).hover({ position: { x: spikeX + 2, y: drawn.top + 3 } });
  await expect(readout(page)).toHaveText('step 617 · sunny-otter 14.5');
  const header = (await readout(page).boundingBox())!;
  expect(header.y + header.height).toBeLessThanOrEqual((await plotOf(page).boundingBox())!.y);
  await expect(page.locator('canvas[data-layer=lines]').first()).toHaveCSS('opacity', '0.25');
  expect((await ink(page, 'emphasis')).right).toBeGreaterThan(500);
  await page.mouse.move(5, 5);
  await expect(readout(page)).toHaveCount(0);
  await expect(page.locator('canvas[data-layer=lines]').first()).toHaveCSS('opacity', '1');
});

test('charts share the crosshair', async ({ page }) => {
  await show(page, { lines: 3, isPair: true });
  await plotOf(page).hover({ position: { x: 400, y: 100 } });
  const texts = page.locator('[data-readout]');
  await expect(texts).toHaveCount(2);
  expect(await texts.nth(1).textContent()).toBe(await texts.nth(0).textContent());
  await page.mouse.move(5, 5);
  await expect(texts).toHaveCount(0);
});

test('NaN makes a gap, ticks under the axis and a note', async ({ page }) => {
  await show(page, { data: 'not-finite' });
  await expect(page.getByText('10 NaN, 300–309; 1 +Inf, 700')).toBeVisible();
  const { tops, right, bottom } = await ink(page);
  const at = Math.round((304.5 / 999) * right);
  expect(tops[at]).toBeGreaterThan(bottom - 6);
});

test('live points are drawn without a commit for each, and move the axis only when they leave it', async ({
  page,
}) => {
  await show(page, { isLive: true, points: 100, width: 600 });
  const before = await ink(page);
  const commits = await page.evaluate(() => chartPage.commits);
  await page.evaluate(async () => {
    for (let step = 100; step < 106; step++) {
      chartPage.append([step], [0.3]);
      await new Promise((done) => setTimeout(done, 40));
    }
  });
  await expect.poll(async () => (await ink(page)).right).toBeGreaterThan(before.right + 10);
  expect((await page.evaluate(() => chartPage.commits)) - commits).toBeLessThan(6);
  await expect(page.locator('span[class*=endLabel]')).toHaveText('0.3');
  await page.evaluate(() => chartPage.append([300], [9]));
  await expect.poll(() => xLabels(page)).toContain('300');
});

test('every chart is also a table, and can be taken away', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await show(page, { lines: 2 });
  const menu = page.getByRole('button', { name: 'Chart menu: train/loss' });
  const copy = async (name: string): Promise<void> => {
    await menu.click();
    await page.getByRole('menuitem', { name }).click();
    await expect(page.getByRole('status').first()).toHaveText(name.replace('Copy', 'Copied') + '.');
  };
  await copy('Copy as CSV');
  const csv = await page.evaluate(() => navigator.clipboard.readText());
  expect(csv.split(/\r?\n/)).toHaveLength(2002);
  await copy('Copy as SVG');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('<svg');
  await copy('Copy as PNG');
  const size = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const picture = await createImageBitmap(await item!.getType('image/png'));
    return [picture.width, picture.height];
  });
  expect(size[0]).toBe(2 * (900 + 24));
  await menu.click();
  await page.getByRole('menuitem', { name: 'Show as table' }).click();
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(201);
  await expect(page.getByText('first 200 of 2000 points')).toBeVisible();
  expect(await axeFindingsOfOneTheme(page)).toEqual([]);
});

for (const theme of ['light', 'dark'] as const) {
  test(`nothing for axe to find (${theme})`, async ({ page }) => {
    for (const changes of [
      { lines: 8 },
      { lines: 20 },
      { data: 'not-finite' },
      { data: 'empty' },
      { lines: 3, smoothing: 0.6 },
    ] as const) {
      await show(page, { ...changes, theme });
      expect(await axeFindingsOfOneTheme(page), JSON.stringify(changes)).toEqual([]);
    }
    await page.getByRole('button', { name: 'Chart menu: train/loss' }).click();
    await expect(page.getByRole('menuitem').first()).toBeVisible();
    expect(await axeFindingsOfOneTheme(page)).toEqual([]);
  });
}

test('the theme changes the ink', async ({ page }) => {
  await show(page);
  const colour = () =>
    page.locator('canvas[data-layer=lines]').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      for (let at = 0; at < data.length; at += 4)
        if (data[at + 3] === 255) return Array.from(data.slice(at, at + 3));
      return [];
    });
  expect(await colour()).toEqual([0x15, 0x31, 0xa4]);
  await page.evaluate(() => document.documentElement.setAttribute('data-mantine-color-scheme', 'dark'));
  await expect.poll(colour).toEqual([0x3d, 0xa8, 0xf4]);
});
