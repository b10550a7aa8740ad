import { get, modelOf, runOf as anyRunOf, type Maker, type Plan } from './plan.ts';
import type { Random } from './random.ts';

const files = [
  'a.txt',
  'deep/b.txt',
  'deep/er/c.txt',
  'gr%C3%B6%C3%9Fe.txt',
  'with%20space.txt',
  '%2e%2e/x',
  'a%2Fb.txt',
  '100%25.txt',
];
/** A name without slashes: others make another path of it. */
const runOf = (random: Random, plan: Plan) => anyRunOf(random, plan).replace(/^$|\//, 'nobody');

const root = '/api/2.0/mlflow-artifacts/artifacts';

export const artifactMakers: readonly Maker[] = [
  (r, plan) => ({
    method: 'PUT',
    path: `${root}/0/${runOf(r, plan)}/artifacts/${r.pick(files)}`,
    body: 'content',
  }),
  (r, plan) => ({
    method: 'GET',
    path: `${root}/0/${runOf(r, plan)}/artifacts/${r.pick([...files, 'missing'])}`,
  }),
  (r, plan) => ({
    method: 'DELETE',
    path: `${root}/0/${runOf(r, plan)}/artifacts/${r.pick([...files, 'deep', 'missing'])}`,
  }),
  (r, plan) => ({
    method: 'GET',
    path: `${root}?path=${r.pick([`0/${runOf(r, plan)}/artifacts`, `0/${runOf(r, plan)}/artifacts/deep`, '../x', '/etc', 'nowhere'])}`,
  }),
  (r, plan) =>
    get('artifacts/list', {
      run_id: runOf(r, plan),
      path: r.pick(['', 'deep', 'deep/', 'nowhere', '../x', '/etc', 'deep/../..']),
    }),
  (r, plan) => ({
    method: 'GET',
    path: `/api/2.0/mlflow/logged-models/${modelOf(r, plan)}/artifacts/directories${r.pick(['', '?artifact_directory_path=deep', '?artifact_directory_path=../x'])}`,
  }),
];
