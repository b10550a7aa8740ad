import { expect, test } from 'vitest';
import { isModelFile } from './is-model-file.ts';

test.each(
  'a/m.pkl clf.joblib net.pt x.onnx w.safetensors net.keras W.PTH out/model.json model.json lgb_model.txt fit.rds'.split(
    ' ',
  ),
)('%s is a model', (path) => {
  expect(isModelFile(path)).toBe(true);
});
test.each(['metrics.json', 'remodel.json', 'data.csv', 'outfit.txt', 'model.csv', 'data.rds', 'MLmodel'])(
  '%s is none',
  (path) => expect(isModelFile(path)).toBe(false),
);
