import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';

export interface ModelMoveOptions {
  readonly home: string;
  readonly alias: string;
  readonly reason: string;
  readonly json?: boolean;
}

/** `benchtop model promote`: gives an alias to a version. */
export async function modelPromoteCommand(
  reference: string,
  { home, alias, reason, json }: ModelMoveOptions,
): Promise<void> {
  await withEngine(home, async (engine) => {
    const { name, version } = await engine.api.registry.version({ reference });
    const moved = await engine.api.registry.promote({ name, version, alias, reason });
    console.log(
      json
        ? jsonText({ name, version, alias, ...moved })
        : `${name}@${alias} is version ${version}${beforeText(moved.previousVersion)}`,
    );
  });
}

/** `benchtop model rollback`: gives an alias back to the version that had it before. */
export async function modelRollbackCommand(
  name: string,
  { home, alias, reason, json }: ModelMoveOptions,
): Promise<void> {
  await withEngine(home, async (engine) => {
    const moved = await engine.api.registry.rollback({ name, alias, reason });
    console.log(
      json
        ? jsonText({ name, alias, ...moved })
        : `${name}@${alias} is version ${moved.version} again${beforeText(moved.previousVersion)}`,
    );
  });
}

const beforeText = (version: number | null) => (version === null ? '' : `, it was version ${version}`);
