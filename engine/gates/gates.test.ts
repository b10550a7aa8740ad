import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CheckName, type GateReport } from '../../contract/index.ts';
import { openGates, predictionsText } from './fixture-gates.ts';

let house: Awaited<ReturnType<typeof openGates>>;
let old: number;
let fresh: number;
beforeAll(async () => {
  house = await openGates();
  house.write('data.csv', 'x,y\n1,2\n');
  house.write('train.sh', 'cat data.csv > model.txt; echo "$1" >> model.txt\n');
  for (const name of ['old', 'new']) {
    const run = await house.ran(['sh', 'train.sh', name], ['data.csv']);
    const version = await house.register('churn', run, 'model.txt');
    if (name === 'old') old = version;
    else fresh = version;
  }
  await house.setAlias('churn', 'champion', old);
});
afterAll(() => house.end());

const stateOf = ({ results }: GateReport, check: CheckName) =>
  results.find((result) => result.check === check);

test('without a checks.yaml it is judged by what is recorded', async () => {
  const report = await house.judge('churn', fresh);
  expect(report).toMatchObject({ model: 'churn', version: fresh, champion: old, checksFile: null });
  expect(stateOf(report, 'code_snapshot')).toMatchObject({ state: 'passed', level: 'block' });
  expect(stateOf(report, 'data_pinned')).toMatchObject({ state: 'passed' });
  // A shell is no interpreter whose version is known.
  expect(stateOf(report, 'environment_locked')).toMatchObject({ state: 'failed' });
  expect(stateOf(report, 'reproduces')).toMatchObject({
    state: 'could not judge',
    level: 'warn',
    next: expect.stringContaining('benchtop reproduce'),
  });
  expect(stateOf(report, 'beats_champion')).toMatchObject({
    state: 'could not judge',
    next: expect.stringContaining('--predictions'),
  });
  expect(report.blockers).toEqual(['environment_locked']);
  expect(await house.api.gates.report({ model: 'churn', version: fresh, environment: 'production' })).toEqual(
    report,
  );
  expect(await house.api.gates.report({ model: 'churn', version: fresh, environment: 'staging' })).toBeNull();
});

test('predictions of both as files: the gain with its interval, slices, skips and limits', async () => {
  house.write(
    'checks.yaml',
    `evaluation: {also: [auc, log_loss], seed: 3, resamples: 300}
checks:
  environment_locked: off
  beats_champion: block
  slices: {level: block, columns: [city], no_worse_than: 0.7}
  latency: {level: block, p95: 5 ms}
`,
  );
  const give = (version: number, share: number) =>
    house.api.gates.addPredictions({
      model: 'churn',
      version,
      path: house.write(`predictions-${share}.csv`, predictionsText(share)),
    });
  await give(old, 70);
  await give(fresh, 85);
  const report = await house.judge('churn', fresh, 'production', [
    { check: 'latency', reason: 'it runs once a night' },
  ]);
  expect(stateOf(report, 'beats_champion')).toMatchObject({ state: 'passed', level: 'block' });
  expect(stateOf(report, 'slices')).toMatchObject({ state: 'passed' });
  expect(stateOf(report, 'latency')).toMatchObject({
    state: 'skipped',
    skip: { reason: 'it runs once a night', who: expect.stringMatching(/./) },
  });
  expect(report.blockers).toEqual([]);
  const { evaluation } = report;
  expect(evaluation).toMatchObject({ metric: 'accuracy', rowCount: 400, positive: '1', unavailable: [] });
  const delta = evaluation?.metrics.find(({ name }) => name === 'accuracy');
  expect(delta?.candidate.value).toBeCloseTo(0.85, 10);
  expect(delta?.champion?.value).toBeCloseTo(0.7, 10);
  expect(delta?.gain?.value).toBeCloseTo(0.15, 10);
  expect(delta?.gain?.low).toBeGreaterThan(0.1);
  expect(delta?.gain?.high).toBeLessThan(0.2);
  expect(evaluation?.disagreementCount).toBe(60);
  expect(evaluation?.slices.map(({ value, rowCount }) => [value, rowCount])).toEqual([
    ['Bern', 134],
    ['Ulm', 133],
    ['Graz', 133],
  ]);
  // The same seed, the same rows: the same report.
  const again = await house.judge('churn', fresh, 'production', [{ check: 'latency', reason: 'as before' }]);
  expect(again.evaluation).toEqual(evaluation);

  // The other way round it is worse, on every part too.
  await give(fresh, 60);
  const worse = await house.judge('churn', fresh);
  expect(stateOf(worse, 'beats_champion')).toMatchObject({ state: 'failed' });
  expect(stateOf(worse, 'beats_champion')?.what).toContain('it is worse');
  expect(stateOf(worse, 'slices')).toMatchObject({ state: 'failed' });
  expect(stateOf(worse, 'latency')).toMatchObject({ state: 'could not judge' });
  expect(worse.blockers).toEqual(['beats_champion', 'slices', 'latency']);
});

test('predictions of other rows are no comparison', async () => {
  const path = house.write('few.csv', predictionsText(90, 100));
  await house.api.gates.addPredictions({ model: 'churn', version: fresh, path });
  const report = await house.judge('churn', fresh);
  // Every row of the candidate is there for the champion too: its other rows are left aside.
  expect(report.evaluation?.rowCount).toBe(100);
  const shifted = predictionsText(90).replaceAll(
    /^(\d+),([01]),/gm,
    (_, id: string, label: string) => `${id},${1 - Number(label)},`,
  );
  await house.api.gates.addPredictions({
    model: 'churn',
    version: fresh,
    path: house.write('shifted.csv', shifted),
  });
  const other = stateOf(await house.judge('churn', fresh), 'beats_champion');
  expect(other).toMatchObject({ state: 'could not judge' });
  expect(other?.what).toContain('disagree about what is true');
});

test('a metric that the rows give no value is told as such, and the report can be read again', async () => {
  house.write('checks.yaml', 'evaluation: {metric: auc, resamples: 300}\n');
  const oneClass = `label,prediction,score\n${'1,1,0.9\n'.repeat(40)}`;
  const run = await house.ran(['sh', 'train.sh', 'one']);
  const version = await house.register('oneclass', run, 'model.txt');
  const path = house.write('one.csv', oneClass);
  await house.api.gates.addPredictions({ model: 'oneclass', version, path });
  const report = await house.judge('oneclass', version, 'staging');
  expect(report.evaluation?.unavailable).toEqual([{ name: 'auc', why: expect.stringContaining('no value') }]);
  expect(report.evaluation?.metrics.map(({ name }) => name)).toContain('accuracy');
  expect(await house.api.gates.report({ model: 'oneclass', version, environment: 'staging' })).toEqual(
    report,
  );
});

test('a checks.yaml with a mistake judges nobody, and says where', async () => {
  house.write('checks.yaml', 'checks:\n  sliced: block\n');
  await expect(house.judge('churn', fresh)).rejects.toMatchObject({
    code: 'invalid-input',
    evidence: expect.stringContaining('line 2, column 3'),
    next: 'Did you mean "slices"?',
  });
  expect(await house.api.gates.checks({ projectId: house.projectId })).toMatchObject({
    file: 'checks.yaml',
    problems: [{ line: 2 }],
  });
  house.write('checks.yaml', 'checks:\n  slices: off\n');
});

test('a secret among the files that a run left blocks', async () => {
  house.write('leak.sh', 'cp model.txt leaked.txt; printf "token = ghp_%036d\\n" 7 > settings.txt\n');
  const run = await house.ran(['sh', 'leak.sh']);
  const version = await house.register('leaky', run, 'leaked.txt');
  const report = await house.judge('leaky', version, 'staging');
  expect(stateOf(report, 'no_secrets')).toMatchObject({ state: 'failed', level: 'block' });
  expect(stateOf(report, 'no_secrets')?.evidence[0]?.text).toContain('settings.txt, line 1');
  expect(stateOf(report, 'beats_champion')?.what).toContain('Nothing tells what version');
  expect(report.blockers).toContain('no_secrets');
});

test('a request is approved only while nothing blocks, promotes, and stands in the history', async () => {
  const { gates, registry } = house.api;
  house.write('checks.yaml', 'evaluation: {resamples: 300}\nchecks:\n  environment_locked: block\n');
  const asked = { model: 'churn', version: fresh, environment: 'production' as const };
  await expect(gates.approve({ ...asked })).rejects.toMatchObject({ code: 'not-found' });
  const request = await gates.request({ ...asked, comment: 'fewer false alarms' });
  expect(request).toMatchObject({ state: 'waiting', comment: 'fewer false alarms', isSelfDecided: null });
  await expect(gates.request(asked)).rejects.toMatchObject({ code: 'conflict' });
  expect(await gates.requests({})).toEqual([request]);
  // The last report was made by other checks.
  await expect(gates.approve({ ...asked })).rejects.toThrow('The checks have changed');
  expect((await house.judge('churn', fresh)).blockers).toEqual(['environment_locked']);
  await expect(gates.approve({ ...asked })).rejects.toMatchObject({
    code: 'conflict',
    evidence: expect.stringContaining('environment_locked: '),
  });
  expect((await registry.version({ reference: 'churn@champion' })).version).toBe(old);
  const decided = await gates.approve({
    ...asked,
    comment: 'a shell needs no lock',
    skips: [{ check: 'environment_locked', reason: 'it is a shell script' }],
  });
  expect(decided).toMatchObject({ state: 'approved', isSelfDecided: true });
  expect((await registry.version({ reference: 'churn@champion' })).version).toBe(fresh);
  expect(await gates.requests({})).toEqual([]);
  const history = await registry.history({ name: 'churn', limit: 4 });
  expect(history.map(({ kind, reason }) => [kind, reason])).toEqual([
    ['alias-set', 'a shell needs no lock'],
    ['promotion-approved', 'a shell needs no lock'],
    ['check-skipped', 'it is a shell script'],
    ['promotion-requested', 'fewer false alarms'],
  ]);
  expect(history[1]?.evidence).toMatchObject({
    isSelfApproved: true,
    results: { environment_locked: 'skipped' },
  });
  expect(await registry.verifyHistory({})).toMatchObject({ isIntact: true, disagreements: [] });

  // The old one was held against another champion than there is now.
  await gates.request({ ...asked, version: old });
  await expect(gates.approve({ ...asked, version: old })).rejects.toThrow('was not judged');
  expect(await gates.refuse({ ...asked, version: old, comment: 'it had its time' })).toMatchObject({
    state: 'refused',
    decision: 'it had its time',
  });
  expect(await gates.requests({ isWaiting: false })).toHaveLength(2);
});

test('the tests that are declared run on the code as it was, as a run of their own', async () => {
  house.write('checks.yaml', 'checks:\n  tests: {command: sh test.sh}\n  beats_champion: off\n');
  house.write('test.sh', 'grep -q champion train.sh && exit 1; test -f data.csv\n');
  const run = await house.ran(['sh', 'train.sh', 'tested'], ['data.csv']);
  const version = await house.register('tested', run, 'model.txt');
  // What the folder holds by now does not count.
  house.write('train.sh', '# champion\n');
  const passed = stateOf(await house.judge('tested', version), 'tests');
  expect(passed).toMatchObject({ state: 'passed' });
  const ended = await house.api.tracking.run({ runId: passed?.evidence[0]?.runId ?? '' });
  expect(ended).toMatchObject({ status: 'finished', tags: { 'benchtop.gate': `tested/${version}` } });
});
