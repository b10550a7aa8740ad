import { chromium, type Browser, type Page } from '@playwright/test';

/** A Chromium without a screen that talks to nobody, and holds no renderer process in reserve. */
export async function withBrowser<T>(
  executablePath: string,
  work: (browser: Browser) => Promise<T>,
): Promise<T> {
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-gpu',
      '--disable-features=SpareRendererForSitePerProcess',
    ],
  });
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

/** Works on a page with nothing in its cache or its storage. */
export async function withPage<T>(browser: Browser, work: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    return await work(await context.newPage());
  } finally {
    await context.close();
  }
}

/** Opens an address and answers when something was first painted, in milliseconds after the navigation began. */
export async function firstPaintMs(page: Page, url: URL): Promise<number> {
  await page.goto(url.href);
  const paint = await page.waitForFunction(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
  );
  return Number(await paint.jsonValue());
}

/** Rows besides the header before the table counts as shown. */
const enoughRows = 10;

/** Has the next page notice when its table of runs is on the screen; to be called before it is opened. */
export async function watchForRows(page: Page): Promise<void> {
  await page.addInitScript((enough) => {
    const look = () => {
      if (document.querySelectorAll('[role="grid"] [role="row"]').length > enough)
        // The frame that has the rows in it ends before the next one begins.
        requestAnimationFrame(() => performance.mark('rows-shown'));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, enoughRows);
}

/** When the table was on the screen, in milliseconds after the navigation began; waits for it. */
export async function rowsShownMs(page: Page): Promise<number> {
  const mark = await page.waitForFunction(() => performance.getEntriesByName('rows-shown')[0]?.startTime);
  return Number(await mark.jsonValue());
}
