import { expect, test } from 'vitest';
import { pathOfMlflowLink } from './mlflow-link.ts';

const runId = '0123456789abcdef0123456789abcdef';

test.each([
  [`#/experiments/1/runs/${runId}`, `/runs/${runId}`],
  [`#/experiments/1/runs/${runId}/artifacts`, `/runs/${runId}`],
  [`#/workspaces/team/experiments/1/runs/${runId}?x=1`, `/runs/${runId}`],
  ['#/experiments/1', '/runs'],
  ['#/models/tree', null],
  [`#/experiments/1/runs/${runId}0`, '/runs'],
  ['#token=abc', null],
  ['', null],
])('%s', (fragment, path) => {
  expect(pathOfMlflowLink(fragment)).toBe(path);
});
