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

  // All of it in one question, from what was kept.
  const asked = { model: 'churn', version: fresh, environment: 'production' as const };
  const beside = await house.api.gates.compare(asked);
  expect(beside).toMatchObject({
    candidate: { version: fresh, fileCount: 1, latency: null },
    champion: { version: old, run: { name: expect.any(String) } },
    isThere: false,
    verdict: {
      kind: 'better',
      sentence: expect.stringContaining(`better than version ${old}: accuracy +0.15`),
    },
    stale: [],
    requests: [],
  });
  expect(beside.report).toEqual(again);
  expect(beside.causes?.find(({ part }) => part === 'data')?.state).toBe('same');
  expect(evaluation?.closer).toEqual({ candidate: 60, champion: 0 });
  expect(beside.disagreements).toMatchObject({ keptCount: 60 });
  expect(beside.disagreements.rows).toHaveLength(10);
  const [farthest] = beside.disagreements.rows;
  expect(farthest).toMatchObject({ place: 1, closer: 'candidate', cells: [{ column: 'city' }] });
  const row = Number(farthest?.id);
  expect(farthest).toMatchObject({
    row: row + 1,
    label: String(row % 2),
    candidate: String(row % 2),
    champion: String(1 - (row % 2)),
    cells: [{ column: 'city', value: ['Bern', 'Ulm', 'Graz'][row % 3] }],
  });
  const rest = await house.api.gates.disagreements({ reportId: again.id, after: 10 });
  expect(rest.rows.map(({ place }) => place)).toEqual(Array.from({ length: 50 }, (_, at) => 11 + at));
  const differences = [...beside.disagreements.rows, ...rest.rows].map(({ difference }) => difference);
  expect(differences).toEqual(differences.toSorted((a, b) => b - a));
  // Only the latest report keeps its rows.
  expect((await house.api.gates.disagreements({ reportId: report.id })).keptCount).toBe(0);

  // The other way round it is worse, on every part too.
  await give(fresh, 60);
  expect((await house.api.gates.compare(asked)).stale).toMatchObject([
    { what: expect.stringContaining('Other predictions of the candidate'), isBlocking: false },
  ]);
  const worse = await house.judge('churn', fresh);
  expect((await house.api.gates.compare(asked)).verdict.kind).toBe('kept back');
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
  expect(request.judgedAt).toBe((await gates.report(asked))?.endedAt);
  await expect(gates.request(asked)).rejects.toMatchObject({ code: 'conflict' });
  expect(await gates.requests({})).toEqual([request]);
  // The last report was made by other checks.
  await expect(gates.approve({ ...asked })).rejects.toThrow('The checks have changed');
  expect((await house.judge('churn', fresh)).blockers).toEqual(['environment_locked']);
  expect((await gates.requests({}))[0]?.judgedAt).toBeGreaterThan(request.judgedAt ?? 0);
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
  // Who it was held against is somewhere else now.
  expect(await gates.compare(asked)).toMatchObject({ isThere: true, champion: null, requests: [decided] });
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

test('held-out data may be a folder or a pattern of tables of one schema', async () => {
  house.write(
    'checks.yaml',
    'evaluation: {data: held, id: id, resamples: 300}\nchecks: {environment_locked: off}\n',
  );
  const [head = '', ...rows] = predictionsText(85).trim().split('\n');
  const bare = (lines: readonly string[]) =>
    `${lines
      .map((line) =>
        line
          .split(',')
          .filter((_, at) => at < 2 || at > 3)
          .join(','),
      )
      .join('\n')}\n`;
  house.write('held/b/2.csv', bare([head, ...rows.slice(150)]));
  house.write('held/1.csv', bare([head, ...rows.slice(0, 150)]));
  house.write('held/notes.txt', 'no table');
  const run = await house.ran(['sh', 'train.sh', 'parts']);
  const version = await house.register('parts', run, 'model.txt');
  const path = house.write('parts.csv', predictionsText(85));
  await house.api.gates.addPredictions({ model: 'parts', version, path });
  const { evaluation } = await house.judge('parts', version, 'staging');
  expect(evaluation).toMatchObject({ rowCount: 400, metric: 'accuracy' });
  expect(evaluation?.metrics[0]?.candidate.value).toBeCloseTo(0.85, 10);
  expect(evaluation?.slices.map(({ value, rowCount }) => [value, rowCount])).toEqual([
    ['Bern', 134],
    ['Ulm', 133],
    ['Graz', 133],
  ]);

  const declare = (data: string) =>
    house.write('checks.yaml', `evaluation: {data: "${data}", id: id, resamples: 300}\n`);
  declare('held/*.csv');
  expect((await house.judge('parts', version, 'staging')).evaluation).toMatchObject({ rowCount: 150 });
  declare('held/**/*.csv');
  house.write('held/b/3.csv', 'id,label,town\n1,1,Ulm\n');
  const mixed = stateOf(await house.judge('parts', version, 'staging'), 'beats_champion');
  expect(mixed).toMatchObject({ state: 'could not judge' });
  expect(mixed?.what).toContain('b/3.csv lacks city and has town besides');
  declare('held/*.parquet');
  expect(stateOf(await house.judge('parts', version, 'staging'), 'beats_champion')?.what).toContain(
    'names no table',
  );
  declare('*.csv');
  await expect(house.judge('parts', version, 'staging')).rejects.toMatchObject({
    code: 'invalid-input',
    evidence: expect.stringContaining('line 1, column 21'),
  });
  house.write('checks.yaml', 'checks:\n  slices: off\n');
});

test('development, staging and production beside each other, with what is not as in production', async () => {
  house.write('train.sh', 'cat data.csv > model.txt; echo "$1" >> model.txt\n');
  const made = async (name: string) => {
    const run = await house.ran(['sh', 'train.sh', name], ['data.csv']);
    return house.register('matrix', run, 'model.txt');
  };
  const first = await made('first');
  expect(await house.api.gates.matrix({ model: 'matrix' })).toMatchObject({
    reference: null,
    places: [{ place: 'development', version: first }, { version: null, cells: [] }, { version: null }],
  });
  await house.setAlias('matrix', 'champion', first);
  house.write('data.csv', 'x,y\n1,2\n3,4\n');
  const second = await made('first');
  await house.setAlias('matrix', 'challenger', second);
  house.write('train.sh', 'cat data.csv > model.txt; echo "$1" >> model.txt; # changed\n');
  const third = await made('first');
  const { reference, places } = await house.api.gates.matrix({ model: 'matrix' });
  expect(reference).toBe('production');
  expect(places.map(({ version }) => version)).toEqual([third, second, first]);
  const states = places.map(({ cells }) => cells.map(({ state }) => state));
  expect(states).toEqual([
    ['differs', 'differs', 'differs', 'same'],
    ['same', 'differs', 'differs', 'same'],
    ['reference', 'reference', 'reference', 'reference'],
  ]);
  expect(places[0]?.cells[0]?.differences).toEqual([expect.stringContaining('train.sh')]);
  expect(places[1]?.cells[2]?.differences).toEqual([expect.stringMatching(/^data.csv .* → /)]);
  // The page of the approval says the same of them.
  const asked = { model: 'matrix', version: second, environment: 'production' as const };
  const { causes } = await house.api.gates.compare(asked);
  const differing = causes?.filter(({ state }) => state === 'differs').map(({ part }) => part);
  expect(differing).toEqual(['data']);
});
