import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importanceOfColumn } from '../../contract/index.ts';
import { pythonEnvironment } from '../fixture-python.ts';
import { openGates } from './fixture-gates.ts';

const environment = pythonEnvironment();
if ('reason' in environment) console.log(`No model answers by itself: ${environment.reason}`);

/** Trains on three columns of four, so that the model has to be given its own; the held-out rows have a part for slices. */
const trainer = `
import sys, numpy as np, pandas as pd
kind, seed, noise = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
rows = np.random.default_rng(7)
def table(n):
    x = rows.normal(size=(n, 3))
    y = (x[:, 0] + 0.5 * x[:, 1] + 0.3 * rows.normal(size=n) > 0).astype(int)
    frame = pd.DataFrame(x, columns=["a", "b", "c"])
    frame["late"] = y
    frame["row"] = [f"r{i}" for i in range(n)]
    frame["city"] = np.where(x[:, 2] > 0, "Ulm", "Graz")
    return frame
train, test = table(800), table(600)
test.to_csv("test.csv", index=False)
X, y = train[["a", "b", "c"]].copy(), train["late"]
X += noise * np.random.default_rng(seed).normal(size=X.shape)
if kind == "xgboost":
    import xgboost
    xgboost.train({"objective": "binary:logistic", "seed": 1}, xgboost.DMatrix(X, y), 20).save_model("model.ubj")
else:
    from sklearn.linear_model import LogisticRegression
    model = LogisticRegression().fit(X, y)
    if kind == "mlflow":
        import mlflow
        mlflow.sklearn.save_model(model, "model", input_example=X.head(2))
    else:
        import joblib
        joblib.dump(model, "model.pkl")
    print("proba", repr(float(model.predict_proba(test[["a", "b", "c"]])[0][1])))
`;

let house: Awaited<ReturnType<typeof openGates>>;
beforeAll(async () => {
  house = await openGates();
});
afterAll(() => house.end());

test.skipIf('reason' in environment)(
  'a model answers the held-out rows in its own environment: scikit-learn, MLflow and XGBoost',
  async () => {
    if ('reason' in environment) return;
    const { python } = environment;
    house.write('train.py', trainer);
    house.write('test_train.py', 'import sys, sklearn\nsys.exit(0 if sklearn.__version__ else 1)\n');
    house.write(
      'checks.yaml',
      `evaluation: {data: test.csv, label: late, id: row, metric: auc, also: [log_loss]}
checks:
  beats_champion: block
  slices: {columns: [city], no_worse_than: 0.6}
  latency: {p95: 5 s, rows: 20}
  tests: {command: python test_train.py}
  licences: {level: warn, ignore: []}
  data_pinned: off
`,
    );
    const trained = async (kind: string, path: string, noise = 0) => {
      const run = await house.ran([python, 'train.py', kind, '1', String(noise)]);
      expect((await house.api.tracking.run({ runId: run })).status, kind).toBe('finished');
      return house.register('late', run, path);
    };
    const poor = await trained('sklearn', 'model.pkl', 3);
    await house.setAlias('late', 'champion', poor);
    for (const [kind, path] of [
      ['sklearn', 'model.pkl'],
      ['mlflow', 'model'],
      ['xgboost', 'model.ubj'],
    ] as const) {
      const version = await trained(kind, path);
      const report = await house.judge('late', version);
      const states = Object.fromEntries(report.results.map(({ check, state }) => [check, state]));
      console.log(
        kind,
        states,
        report.latency,
        report.evaluation?.metrics.map(({ name, gain }) => [name, gain]),
      );
      expect(report.results.find(({ check }) => check === 'tests')).toMatchObject({ state: 'passed' });
      expect(states, JSON.stringify(report.results, null, 1)).toMatchObject({
        latency: 'passed',
        environment_locked: 'passed',
      });
      expect(states).toMatchObject({
        // Trees may be worse than the line that the labels were drawn by; they are judged all the same.
        beats_champion: kind === 'xgboost' ? expect.stringMatching(/passed|failed/) : 'passed',
        slices: 'passed',
      });
      expect(report.evaluation).toMatchObject({
        rowCount: 600,
        metric: 'auc',
        candidate: { madeBy: 'model' },
      });
      // The labels were drawn by a and b alone; c is noise, and the others are no features.
      const asked = { model: 'late', version, table: join(house.folder, 'test.csv') };
      const importance = await house.api.gates.importance(asked);
      const [a = 0, b = 0, c = 0] = ['a', 'b', 'c'].map((name) => importanceOfColumn(importance, name) ?? -1);
      expect(a, kind).toBeGreaterThan(b);
      expect(b, kind).toBeGreaterThan(c);
      expect(importance).toMatchObject({ measure: 'probabilities', rowCount: 600, table: 'test.csv' });
      expect(importance.columns.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
      expect(await house.api.gates.importance(asked)).toEqual(importance);
      // The very numbers that the program itself got of its model.
      const { objectId } = report.evaluation!.candidate;
      const { rows, columns } = await house.api.data.rows({ objectId, name: 'predictions.csv', limit: 1 });
      expect(columns.map(({ name }) => name)).toEqual(['id', 'prediction', 'score_0', 'score_1']);
      if (kind === 'xgboost') continue; // its program printed none
      const log = await house.api.runner.log({ runId: await runOf('late', version), offset: 0 });
      expect(new TextDecoder().decode(log.bytes)).toContain(`proba ${rows[0]?.[3]}`);
    }

    // What moved most is noise to the model; what it goes by comes first all the same.
    const [head = '', ...lines] = readFileSync(join(house.folder, 'test.csv'), 'utf8').trimEnd().split('\n');
    const moved = lines.map((line) => {
      const [a, b, c, ...more] = line.split(',');
      return [Number(a) + 0.5, b, Number(c) + 2, ...more].join(',');
    });
    house.write('in/1.csv', `${[head, ...moved].join('\n')}\n`);
    const { id: monitorId } = await house.api.monitoring.add({
      projectId: house.projectId,
      name: 'late',
      model: `late/${poor + 1}`,
      reference: { kind: 'file', path: 'test.csv' },
      source: { path: 'in', chunks: { by: 'file' } },
      ignored: ['row', 'late'],
    });
    for await (const _ of house.api.monitoring.run({ monitorId }));
    const watched = await house.api.monitoring.results({ monitorId });
    expect(watched.importance).toMatchObject({ model: 'late', version: poor + 1, measure: 'probabilities' });
    expect(watched.columns.map(({ name }) => name).slice(0, 2)).toEqual(['a', 'c']);
    expect(watched.columns[1]?.mostMoved).toBeGreaterThan(watched.columns[0]?.mostMoved ?? 1);
    expect(watched.columns.find(({ name }) => name === 'city')?.importance).toBeNull();
    const { html } = await house.api.monitoring.report({ monitorId });
    expect(html).toContain(`importance to late/${poor + 1}: how much of the probability`);

    // A folder gets the first rows with the answers, and says so before.
    const target = 'share';
    const share = join(house.root, target);
    const { sync } = house.api;
    await sync.addTarget({ name: target, kind: 'folder', address: share });
    const input = { target, models: [`late/${poor + 2}`] };
    expect((await sync.plan(input)).notices).toContainEqual(
      expect.stringMatching(/rows of the data that it was judged by: sample\/input.csv, sample\/output.csv/),
    );
    const { deliveryIds } = await sync.push(input);
    for await (const { sending, waiting } of sync.progress({ target })) if (sending + waiting === 0) break;
    const { delivery } = await sync.delivery({ deliveryId: deliveryIds.at(-1) ?? 0 });
    expect(delivery, JSON.stringify(delivery)).toMatchObject({ state: 'verified' });
    const sample = (file: string) =>
      readFileSync(join(share, 'models', 'late', '1', 'sample', file), 'utf8')
        .trimEnd()
        .split('\n');
    expect(sample('input.csv')).toEqual(
      readFileSync(join(house.folder, 'test.csv'), 'utf8').split('\n').slice(0, 21),
    );
    expect(sample('output.csv')[0]).toBe('id,prediction,score_0,score_1');
    expect(sample('output.csv')).toHaveLength(21);
  },
);

async function runOf(name: string, version: number): Promise<string> {
  return (await house.api.registry.version({ reference: `${name}/${version}` })).runId ?? '';
}

test.skipIf('reason' in environment)('what asks models is plain Python of 3.9', () => {
  if ('reason' in environment) return;
  for (const name of ['predict_rows.py', 'column_importance.py']) {
    const script = join(import.meta.dirname, '../../resources/python', name);
    const check = `import ast,sys;ast.parse(open(sys.argv[1],encoding="utf-8").read(),feature_version=(3,9))`;
    expect(execFileSync(environment.python, ['-c', check, script], { encoding: 'utf8' })).toBe('');
  }
});
