import { afterAll, beforeAll, expect, test } from 'vitest';
import { pythonEnvironment } from '../fixture-python.ts';
import { openGates } from './fixture-gates.ts';

/** Trains in one of the forms, leaves the model, and prints what it says itself of the held-out rows: answers, and probabilities if any. */
const trainer = `
import json, sys, numpy as np, pandas as pd
kind = sys.argv[1]
rows = np.random.default_rng(7)
def table(n):
    x = rows.normal(size=(n, 3)).astype(np.float32)
    frame = pd.DataFrame(x, columns=["a", "b", "c"])
    frame["late"] = (x[:, 0] + 0.5 * x[:, 1] > 0).astype(int)
    frame["row"] = [f"r{i}" for i in range(n)]
    frame["city"] = np.where(x[:, 2] > 0, "Ulm", "Graz")
    return frame
train, test = table(400), table(40)
test.to_csv("test.csv", index=False)
test = pd.read_csv("test.csv")
X, y, held = train[["a", "b", "c"]], train["late"], test[["a", "b", "c"]]
chances = None
if kind == "lightgbm":
    import lightgbm
    model = lightgbm.train({"objective": "binary", "verbose": -1, "num_threads": 1}, lightgbm.Dataset(X, y), 10)
    model.save_model("model.txt")
    chances = model.predict(held)
    answers = (chances > 0.5).astype(int)
elif kind == "lgbm-classifier":
    import joblib, lightgbm
    model = lightgbm.LGBMClassifier(n_estimators=10, verbose=-1, n_jobs=1).fit(X, y)
    joblib.dump(model, "model.pkl")
    answers, chances = model.predict(held), model.predict_proba(held)[:, 1]
elif kind == "pyfunc":
    import mlflow
    class Rule(mlflow.pyfunc.PythonModel):
        def predict(self, context, model_input, params=None):
            return (model_input["a"] + model_input["b"] / 2 > 0.1).astype(int)
    mlflow.pyfunc.save_model("model", python_model=Rule())
    answers = Rule().predict(None, held)
else:
    import onnxruntime
    from skl2onnx import to_onnx
    from sklearn.linear_model import LogisticRegression
    model = LogisticRegression().fit(X.to_numpy(), y)
    options = {id(model): {"zipmap": kind == "onnx-zipmap"}}
    open("model.onnx", "wb").write(to_onnx(model, X.to_numpy()[:1], options=options).SerializeToString())
    session = onnxruntime.InferenceSession("model.onnx", providers=["CPUExecutionProvider"])
    answers, told = session.run(None, {session.get_inputs()[0].name: held.to_numpy(dtype=np.float32)})
    chances = [row[1] for row in told]
said = {"answers": [int(one) for one in answers], "chances": None if chances is None else [float(one) for one in chances]}
print("said", json.dumps(said))
`;

const forms = [
  { kind: 'lightgbm', path: 'model.txt', environment: '.venv' },
  { kind: 'lgbm-classifier', path: 'model.pkl', environment: '.venv' },
  { kind: 'pyfunc', path: 'model', environment: '.venv' },
  { kind: 'onnx', path: 'model.onnx', environment: '.venv-onnx' },
  { kind: 'onnx-zipmap', path: 'model.onnx', environment: '.venv-onnx' },
] as const;

let house: Awaited<ReturnType<typeof openGates>>;
beforeAll(async () => {
  house = await openGates();
  house.write('train.py', trainer);
  house.write(
    'checks.yaml',
    `evaluation: {data: test.csv, label: late, id: row, features: [a, b, c], metric: accuracy}
checks: {beats_champion: block, latency: {p95: 5 s, rows: 10}, data_pinned: off, environment_locked: off}
`,
  );
});
afterAll(() => house.end());

test.each(forms)('a model as $kind says of held-out rows what its own program says', async (form) => {
  const environment = pythonEnvironment(form.environment);
  if ('reason' in environment) return console.log(`${form.kind} is not tried: ${environment.reason}`);
  const run = await house.ran([environment.python, 'train.py', form.kind]);
  const log = new TextDecoder().decode((await house.api.runner.log({ runId: run, offset: 0 })).bytes);
  const said = JSON.parse(/^said (.*)$/m.exec(log)?.[1] ?? `"${log.slice(-2000)}"`) as {
    answers: number[];
    chances: number[] | null;
  };
  expect(said.answers, log).toHaveLength(40);
  const report = await house.judge(form.kind, await house.register(form.kind, run, form.path));
  const { evaluation, results } = report;
  expect(evaluation?.candidate.madeBy, JSON.stringify(results, null, 1)).toBe('model');
  expect(results.find(({ check }) => check === 'latency')).toMatchObject({ state: 'passed' });

  const { objectId } = evaluation!.candidate;
  const { columns, rows } = await house.api.data.rows({ objectId, name: 'predictions.csv', limit: 40 });
  const told = said.chances === null ? [] : ['score_0', 'score_1'];
  expect(columns.map(({ name }) => name)).toEqual(['id', 'prediction', ...told]);
  expect(rows.map((row) => [row[0], Number(row[1])])).toEqual(
    said.answers.map((answer, at) => [`r${at}`, answer]),
  );
  for (const [at, chance] of (said.chances ?? []).entries())
    expect(Number(rows[at]?.[3]), `row ${at}`).toBeCloseTo(chance, 6);
  console.log(
    form.kind,
    evaluation?.metrics.map(({ name, candidate }) => [name, candidate]),
    report.latency,
  );
});
