import { BenchtopError } from '../../../contract/index.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { runByPrefix } from '../run-by-prefix.ts';

export interface EnvLockOptions {
  readonly home: string;
  readonly requirements?: boolean;
  readonly json?: boolean;
}

/** `benchtop env lock`: what of a run's environment can change its result, or its packages for pip and uv. */
export async function envLockCommand(prefix: string, options: EnvLockOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const run = await runByPrefix(engine.api, prefix);
    const lock = await engine.api.environments.lock({ runId: run.id });
    if (options.json) return console.log(jsonText(lock));
    if (!options.requirements) return console.log(lock.lines.join('\n'));
    if (lock.requirements === null)
      throw new BenchtopError({
        code: 'not-found',
        what: `${run.name} was no Python program: there are no packages to list.`,
      });
    process.stdout.write(lock.requirements);
  });
}
