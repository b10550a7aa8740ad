import { expect, test } from 'vitest';
import { metricDirection } from './metric-direction.ts';

test.each([
  ['loss', 'lower'],
  ['val/rmse', 'lower'],
  ['trainLoss', 'lower'],
  ['eval_accuracy_top5', 'higher'],
  ['f1_loss', 'lower'],
  ['roc-auc', 'higher'],
  ['epoch', null],
  ['timeline', null],
  ['losses_avg', 'lower'],
] as const)('%s gets better when %s', (name, direction) => {
  expect(metricDirection(name)).toBe(direction);
});
