import { realpathSync } from 'node:fs';
import type { Interpreter } from '../../../contract/index.ts';
import { withEngine } from '../with-engine.ts';

export interface EnvListOptions {
  readonly home: string;
  readonly project?: string;
  readonly json?: boolean;
}

/** `benchtop env list`: a line for each interpreter, the project's own first. */
export async function envListCommand(options: EnvListOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const project = await engine.api.projects.open({ path: realpathSync(options.project ?? process.cwd()) });
    const found = await engine.api.environments.list({ projectId: project.id });
    if (options.json) console.log(JSON.stringify(found, undefined, 2));
    else if (found.length === 0) console.log('No interpreter was found in the project or on the PATH.');
    else for (const interpreter of found) console.log(lineOf(interpreter));
  });
}

const languageNames: Record<Interpreter['language'], string> = { python: 'Python', r: 'R', julia: 'Julia' };

function lineOf({ path, language, kind, version, problem, isChosen }: Interpreter): string {
  const what = `${languageNames[language]} ${version ?? '?'}`.padEnd(15);
  return `${isChosen ? '*' : ' '} ${what} ${kind.padEnd(7)} ${path}${problem === null ? '' : `  (unusable: ${problem})`}`;
}
