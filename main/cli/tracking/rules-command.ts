import { realpathSync } from 'node:fs';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { textColumns } from '../text-columns.ts';

export interface RulesOptions {
  readonly home: string;
  readonly project?: string;
  /** New names by the names that are read. */
  readonly rename: Readonly<Record<string, string>>;
  readonly ignore: readonly string[];
  readonly remove: readonly string[];
  readonly json?: boolean;
}

/** `benchtop rules`: makes and takes away what the options ask for, then lists the project's rules. */
export async function rulesCommand(options: RulesOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const { projects, tracking } = engine.api;
    const { id: projectId } = await projects.open({ path: realpathSync(options.project ?? process.cwd()) });
    for (const name of options.remove) await tracking.removeMeasureRule({ projectId, name });
    for (const name of options.ignore) await tracking.setMeasureRule({ projectId, name, shownName: null });
    for (const [name, shownName] of Object.entries(options.rename))
      await tracking.setMeasureRule({ projectId, name, shownName });
    const rules = await tracking.measureRules({ projectId });
    if (options.json) console.log(jsonText(rules));
    else if (rules.length === 0) console.log('No rules: measures have the names under which they are read.');
    else {
      const rows = rules.map(({ name, shownName }) => [
        name,
        shownName === null ? 'ignored' : `is ${shownName}`,
      ]);
      for (const line of textColumns(rows)) console.log(line);
    }
  });
}
