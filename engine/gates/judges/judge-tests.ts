import { randomBytes } from 'node:crypto';
import type { Checks } from '../definition/read-checks.ts';
import { inScratch, runForEvidence } from '../evidence-run.ts';
import type { GateRooms } from '../gate-rooms.ts';
import { evidence, withoutRun, type JudgedVersion, type Judgement } from '../judged-version.ts';

/** Do the declared tests end well on the code of its run, in its environment? They are a run of their own. */
export async function judgeTests(
  rooms: GateRooms,
  { name, version, run, snapshot, environment, data }: JudgedVersion,
  { command, timeLimitMs }: Checks['tests'],
  signal: AbortSignal,
): Promise<Judgement> {
  if (run === null) return withoutRun;
  const { projectId } = run;
  if (command === null || snapshot === null || snapshot.commitId === null || projectId === null)
    return { state: 'could not judge', what: 'The code of its run is not stored, so nothing can be tested.' };
  const { path: projectPath } = rooms.project(projectId);
  const python =
    environment !== null && environment.interpreter?.language === 'python'
      ? await rooms.pythonFor(environment, signal)
      : null;
  const about = `${name}/${version}`;
  return inScratch(rooms.scratchPath, `gate-${randomBytes(8).toString('hex')}`, async (scratch) => {
    const { workingFolder, caveats } = await rooms.prepareGround({
      scratch,
      run: { id: run.id, command: [], workingFolder: projectPath },
      snapshot,
      environment,
      inputs: data,
      signal,
    });
    const ended = await runForEvidence(
      rooms,
      {
        projectId,
        name: `tests of ${about}`.slice(0, 250),
        about,
        command: ['/bin/sh', '-c', command],
        workingFolder,
        python,
        timeLimitMs,
      },
      signal,
    );
    const shown = [
      evidence(`${command}: ${ended.ending ?? ended.status}`, { runId: ended.id }),
      ...caveats.map((caveat) => evidence(caveat)),
    ];
    if (ended.status === 'finished')
      return {
        state: 'passed',
        what: `The tests ended well on the code of its run: ${command}.`,
        evidence: shown,
      };
    return {
      state: 'failed',
      what: `The tests did not end well: ${ended.ending ?? ended.status}.`,
      evidence: [...shown, evidence(await rooms.lastOutput(ended.id), { runId: ended.id })],
      next: `\`benchtop logs ${ended.id.slice(0, 8)}\` has all they printed.`,
    };
  });
}
