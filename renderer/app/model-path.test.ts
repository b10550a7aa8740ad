import { expect, test } from 'vitest';
import { modelInPath, modelPath } from './model-path.ts';

test('a model of any name has an address, and is found in it again', () => {
  for (const name of ['churn', '100% sure?', 'a#b&c=d', 'délai + Ø', '%41'])
    expect(modelInPath(modelPath('p', name, 'history'))).toBe(name);
  expect(modelPath(null, 'churn')).toBe('/models/churn');
});
