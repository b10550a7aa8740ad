import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { requestText, type DecisionOptions } from './request-command.ts';
import { skipsOf, type SkipOptions } from './skips-of.ts';
import { versionNamed } from './version-named.ts';

export interface ApproveOptions extends DecisionOptions, SkipOptions {}

/** `benchtop approve`: promotes what waits, by the latest report on it. */
export async function approveCommand(named: string, options: ApproveOptions): Promise<void> {
  const skips = skipsOf(options);
  await withEngine(options.home, async (engine) => {
    const asked = { ...(await versionNamed(engine.api, named)), environment: options.to };
    const decided = await engine.api.gates.approve({ ...asked, comment: options.comment ?? '', skips });
    console.log(options.json ? jsonText(decided) : requestText(decided));
  });
}
