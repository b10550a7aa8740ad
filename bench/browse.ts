import { chromium, type Browser, type Page } from '@playwright/test';

/** A Chromium without a screen that talks to nobody. */
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

/** Between two looks at a page, in milliseconds; what is looked for carries its own time. */
const polling = 50;

/** Opens an address and answers when something was first painted, in milliseconds after the navigation began. */
export async function firstPaintMs(page: Page, url: URL): Promise<number> {
  await page.goto(url.href);
  const paint = await page.waitForFunction(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    undefined,
    { polling },
  );
  return Number(await paint.jsonValue());
}

/** Rows besides the header before the table counts as shown. */
const enoughRows = 10;

/** Has the next page notice when its table of runs is on the screen; to be called before it is opened. */
export async function watchForRows(page: Page): Promise<void> {
  // Looks only when the document changes: a loop of animation frames would make the browser draw all the time.
  await page.addInitScript((enough) => {
    const observer = new MutationObserver(() => {
      if (document.querySelectorAll('[role="grid"] [role="row"]').length <= enough) return;
      observer.disconnect();
      // The frame that has the rows in it ends before the next one begins.
      requestAnimationFrame(() => requestAnimationFrame(() => performance.mark('rows-shown')));
    });
    observer.observe(document, { childList: true, subtree: true });
  }, enoughRows);
}

/** When the table was on the screen, in milliseconds after the navigation began; waits for it. */
export async function rowsShownMs(page: Page): Promise<number> {
  const mark = await page.waitForFunction(
    () => performance.getEntriesByName('rows-shown')[0]?.startTime,
    undefined,
    { polling },
  );
  return Number(await mark.jsonValue());
}
