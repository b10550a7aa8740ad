import { withEngine } from './with-engine.ts';
import { openInBrowser } from './open-in-browser.ts';
import { runByPrefix } from './run-by-prefix.ts';

export interface OpenOptions {
  readonly home: string;
  readonly print?: boolean;
}

/** `benchtop open`: the window, or one run in it. */
export async function openCommand(prefix: string | undefined, options: OpenOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const path = prefix === undefined ? '/' : `/runs/${(await runByPrefix(engine.api, prefix)).id}`;
    const url = engine.windowUrl(path);
    console.log(url);
    if (!options.print) openInBrowser(url);
  });
}
