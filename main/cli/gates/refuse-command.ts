import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { requestText, type DecisionOptions } from './request-command.ts';
import { versionNamed } from './version-named.ts';

/** `benchtop refuse`: what waits is decided, and nothing is promoted. */
export async function refuseCommand(named: string, options: DecisionOptions): Promise<void> {
  const asked = { ...versionNamed(named), environment: options.to };
  await withEngine(options.home, async (engine) => {
    const decided = await engine.api.gates.refuse({ ...asked, comment: options.comment ?? '' });
    console.log(options.json ? jsonText(decided) : requestText(decided));
  });
}
