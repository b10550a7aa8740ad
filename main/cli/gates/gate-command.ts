import { resolve } from 'node:path';
import { BenchtopError, type GateEnvironment } from '../../../contract/index.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { lastEvent } from '../last-event.ts';
import { reportText } from './report-text.ts';
import { skipsOf, type SkipOptions } from './skips-of.ts';
import { versionNamed } from './version-named.ts';

export interface GateOptions extends SkipOptions {
  readonly home: string;
  readonly to: GateEnvironment;
  readonly predictions?: string;
  readonly championPredictions?: string;
  readonly json?: boolean;
}

/** `benchtop gate`: exit code 1 when a check keeps the version from being promoted. */
export async function gateCommand(named: string, options: GateOptions): Promise<void> {
  const { to: environment } = options;
  const skips = skipsOf(options);
  await withEngine(options.home, async (engine) => {
    const { gates } = engine.api;
    const asked = await versionNamed(engine.api, named);
    if (options.predictions !== undefined)
      await gates.addPredictions({ ...asked, path: resolve(options.predictions) });
    if (options.championPredictions !== undefined) {
      const { version } = await gates.holder({ model: asked.model, environment });
      if (version === null)
        throw new BenchtopError({
          code: 'not-found',
          what: `No version of ${asked.model} is in ${environment}.`,
        });
      const path = resolve(options.championPredictions);
      await gates.addPredictions({ model: asked.model, version, path });
    }
    const { report } = await lastEvent(
      (call) => gates.judge({ ...asked, environment, skips }, call),
      (event) => (event.kind === 'progress' ? `${event.check}: ${event.what}` : event.result.check),
    );
    if (options.json) console.log(jsonText(report));
    else {
      console.log(reportText(report));
      console.log((await gates.compare({ ...asked, environment })).verdict.sentence);
    }
    process.exitCode = report.blockers.length === 0 ? 0 : 1;
  });
}
