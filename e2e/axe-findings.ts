import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/**
 * What axe finds on the page in the dark and in the light theme, in which it leaves the page, as text that names each element.
 * @param within a selector; the whole page when left out
 */
export async function axeFindings(page: Page, within?: string): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    found.push(...(await axeFindingsOfOneTheme(page, within)).map((finding) => `${colorScheme}, ${finding}`));
  }
  return found;
}

/**
 * What axe finds on the page as it stands, whatever the theme. It runs inside the page (its "legacy mode", which sees all but
 * frames of other origins), and leaves out where it found nothing: a fifth of the time that it takes otherwise.
 */
export async function axeFindingsOfOneTheme(page: Page, within?: string): Promise<string[]> {
  // A colour on its way to another is neither.
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter((animation) => animation instanceof CSSTransition)
        .map(({ finished }) => finished),
    ),
  );
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  if (within !== undefined) axe.include(within);
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)}`));
}
