import { homedir } from 'node:os';
import { basename, dirname } from 'node:path';
import type { Interpreter } from '../../contract/index.ts';
import { environmentPrefix } from './environment-prefix.ts';
import { findInterpreters, type FoundInterpreter } from './find-interpreters.ts';
import type { createInterpreterProbe, ProbedInterpreter } from './probe-interpreter.ts';

/** Asked at the same time: enough to hide a slow one, few enough for a laptop that is training. */
const probesAtOnce = 6;
/** A list is answered by then; what is still silent says so. */
const listWithinMs = 1800;

/** The interpreters a project can use, the usable first within each group: the project's own, then the laptop's. */
export async function listInterpreters(options: {
  projectPath: string;
  chosenPath: string | null;
  env: Readonly<Record<string, string | undefined>>;
  home?: string;
  probe: ReturnType<typeof createInterpreterProbe>;
}): Promise<Interpreter[]> {
  const { projectPath, chosenPath, env, home = homedir(), probe } = options;
  const found = await findInterpreters(projectPath, env, home);
  if (chosenPath !== null && !found.some(({ path }) => path === chosenPath)) found.push(placeOf(chosenPath));
  const answers = new Map<string, ProbedInterpreter>();
  const waiting = [...found];
  const ask = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      answers.set(next.path, await probe(next.path, next.language));
  };
  const all = Promise.all(Array.from({ length: probesAtOnce }, ask));
  const deadline = Promise.withResolvers<void>();
  const timer = setTimeout(deadline.resolve, listWithinMs);
  await Promise.race([all, deadline.promise]);
  clearTimeout(timer);
  return found
    .map(({ path, language, kind, isOfProject }) => {
      const answer = answers.get(path);
      return {
        path,
        language,
        kind,
        version: answer?.version ?? null,
        problem: answer === undefined ? 'has not answered yet; list again' : answer.problem,
        isOfProject,
        isChosen: path === chosenPath,
      };
    })
    .toSorted((a, b) => rank(a) - rank(b));
}

/** An interpreter that somebody named, wherever it lies. */
export function placeOf(path: string): FoundInterpreter {
  const name = basename(path);
  const language = name.startsWith('Rscript') ? 'r' : name.startsWith('julia') ? 'julia' : 'python';
  return {
    path,
    language,
    kind: environmentPrefix(dirname(dirname(path)))?.kind ?? 'system',
    isOfProject: false,
  };
}

const rank = ({ isOfProject, problem }: Interpreter) => (isOfProject ? 0 : 2) + (problem === null ? 0 : 1);
