import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { requestText, type DecisionOptions } from './request-command.ts';
import { versionNamed } from './version-named.ts';

/** `benchtop refuse`: what waits is decided, and nothing is promoted. */
export async function refuseCommand(named: string, options: DecisionOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const asked = { ...(await versionNamed(engine.api, named)), environment: options.to };
    const decided = await engine.api.gates.refuse({ ...asked, comment: options.comment ?? '' });
    console.log(options.json ? jsonText(decided) : requestText(decided));
  });
}
