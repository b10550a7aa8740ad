import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHouse } from './fixture-house.ts';
import { processesOf, runMark } from './run-mark.ts';

let root: string;
let home: string;
let project: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'benchtop-chaos-long-'));
  home = join(root, 'home');
  project = join(root, 'project');
  mkdirSync(project);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** An engine in a process of its own that starts one run; resolves with the run's id once the engine has acknowledged it. */
async function engineWith(command: readonly string[]) {
  const host = spawn(
    process.execPath,
    [fileURLToPath(new URL('./fixture-host.ts', import.meta.url)), home, project, '1', ...command],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const runId = await new Promise<string>((resolve) =>
    createInterface({ input: host.stdout }).once('line', resolve),
  );
  return {
    runId,
    async kill() {
      const gone = new Promise((resolve) => host.once('exit', resolve));
      host.kill('SIGKILL');
      await gone;
    },
  };
}

const rounds = 24;

test(`${rounds} engines killed at every moment of a run, and the next ones right after their start: no lie and no lost line`, async () => {
  const lines = 60;
  const script = `echo > began.$1; i=0; while [ $i -lt ${lines} ]; do echo "step=$i loss=0.5"; i=$((i+1)); sleep 0.01; done; echo > done.$1; exit 5`;
  const seen: Record<string, number> = {};
  for (let round = 0; round < rounds; round++) {
    const { runId, kill } = await engineWith(['sh', '-c', script, 'sh', String(round)]);
    // From the acknowledgement until after the end, more often near the beginning.
    await sleep(Math.round(1400 * (round / rounds) ** 2));
    await kill();
    // The next engine is ended in the middle of taking the run up, too.
    const second = await openHouse(home, project);
    await second.runner.recover();
    await sleep((round * 37) % 200);
    await second.close();
    const third = await openHouse(home, project);
    try {
      await third.runner.recover();
      const end = await third.runner.wait(runId);
      const run = third.tracking.run(runId);
      const story = JSON.stringify({ round, end });
      const [began, done] = ['began', 'done'].map((name) => existsSync(join(project, `${name}.${round}`)));
      seen[end.ending] = (seen[end.ending] ?? 0) + 1;
      // What was acknowledged is done, by whichever engine.
      expect(end, story).toMatchObject({ status: 'failed', exitCode: 5 });
      expect([began, done], story).toEqual([true, true]);
      expect(run.metrics['loss'], story).toMatchObject({ count: lines, lastStep: lines - 1 });
      expect(run.status, story).toBe(end.status);
      expect(processesOf(null, runMark(runId)), story).toEqual([]);
    } finally {
      await third.close();
    }
  }
  console.log(`${rounds} rounds: ${JSON.stringify(seen)}`);
});

test('200 MB of output: every byte is there, and every metric among them', async () => {
  const house = await openHouse(home, project);
  try {
    const block = `const fs=require('fs');const b=Buffer.from(('x'.repeat(99)+'\\n').repeat(10000));for(let i=0;i<210;i++){fs.writeSync(1,b);fs.writeSync(1,'step='+i+' loss='+i+'\\n')}`;
    const startedAt = performance.now();
    const { runId } = await house.runner.start({ projectId: 'p', command: [process.execPath, '-e', block] });
    expect(await house.runner.wait(runId)).toMatchObject({ status: 'finished' });
    const tookS = (performance.now() - startedAt) / 1000;
    const sizeBytes = statSync(join(home, 'runs', runId, 'out.log')).size;
    console.log(`${Math.round(sizeBytes / 1e6)} MB in ${tookS.toFixed(1)} s`);
    expect(sizeBytes).toBeGreaterThan(210e6);
    expect(house.tracking.run(runId).metrics['loss']).toMatchObject({ count: 210, lastStep: 209 });
  } finally {
    await house.close();
  }
});

test('a million metric lines, with the engine killed among them: each is a point, once', async () => {
  const lines = 1_000_000;
  const program = `const fs=require('fs');let s='';for(let i=0;i<${lines};i++){s+='step='+i+' loss='+(i%1000)/1000+'\\n';if(i%2000===1999){fs.writeSync(1,s);s='';Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0,5)}}`;
  const startedAt = performance.now();
  const { runId, kill } = await engineWith([process.execPath, '-e', program]);
  await sleep(1200);
  await kill();
  const house = await openHouse(home, project);
  try {
    await house.runner.recover();
    expect(await house.runner.wait(runId)).toMatchObject({ status: 'finished' });
    expect(house.tracking.run(runId).metrics['loss']).toMatchObject({ count: lines, lastStep: lines - 1 });
    console.log(`${lines} metric lines in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  } finally {
    await house.close();
  }
});

test('what is printed is read, flushed and stored within two seconds', async () => {
  // What is stored was flushed before (log-reader.ts), so this is how much a power failure can cost.
  const house = await openHouse(home, project);
  try {
    const script = 'while [ ! -e stop ]; do echo loss=0.5; sleep 0.02; done';
    const { runId } = await house.runner.start({ projectId: 'p', command: ['sh', '-c', script] });
    const reader = join(home, 'runs', runId, 'reader.json');
    let behindMs = 0;
    for (let look = 0; look < 25; look++) {
      await sleep(200);
      if (existsSync(reader)) behindMs = Math.max(behindMs, Date.now() - statSync(reader).mtimeMs);
    }
    writeFileSync(join(project, 'stop'), '');
    await house.runner.wait(runId);
    const log = readFileSync(join(home, 'runs', runId, 'out.log'), 'utf8')
      .trim()
      .split('\n').length;
    console.log(`a line was read and stored after ${Math.round(behindMs)} ms at most`);
    expect(behindMs).toBeLessThan(2000);
    expect(house.tracking.run(runId).metrics['loss']?.count).toBe(log);
  } finally {
    await house.close();
  }
});
