import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../engine/index.ts';
import { installationPath, resourcesPath } from '../installation.ts';
import { pythonEnvironment, quietMlflow } from '../../engine/fixture-python.ts';

const environment = pythonEnvironment();
if ('reason' in environment) console.log(`Routes are not compared with MLflow's: ${environment.reason}`);

type State = 'supported' | 'not supported' | 'absent';

/** The lists of docs/mlflow.md: 'GET /api/…' → what the page says of it. */
function documentedRoutes(): Map<string, State> {
  const page = readFileSync(join(installationPath, 'docs/mlflow.md'), 'utf8');
  const states: readonly (readonly [string, State])[] = [
    ['Supported', 'supported'],
    ['Answered', 'not supported'],
    ['Absent', 'absent'],
  ];
  return new Map(
    page
      .split(/^### /m)
      .slice(1)
      .flatMap((section) => {
        const state = states.find(([title]) => section.startsWith(title))?.[1] ?? 'absent';
        return [...section.matchAll(/^\| `(\/[^`]*)` \| ([A-Z, ]+) \|/gm)].flatMap(
          ([, path = '', methods = '']) =>
            methods.split(', ').map((method) => [`${method} ${path}`, state] as const),
        );
      }),
  );
}

let folder: string;
let engine: Engine;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-routes-'));
  engine = await createEngine({ homePath: folder, version: '0.0.0', resourcesPath });
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

test('docs/mlflow.md says of every route what the engine does with it', async () => {
  const documented = documentedRoutes();
  expect(documented.size).toBeGreaterThan(150);
  const wrong: string[] = [];
  for (const [route, state] of documented) {
    const [method = '', path = ''] = route.split(' ');
    // The hosts answer /health themselves, before the engine.
    if (path === '/health') continue;
    const address = `http://engine${path.replaceAll(/:\w+/g, 'x').replace('*', 'x')}`;
    const response = await engine.fetch(new Request(address, { method }));
    const body = await response.text();
    const isUnknown = body.includes('There is nothing at');
    const found: State = isUnknown ? 'absent' : response.status === 501 ? 'not supported' : 'supported';
    if (found !== state) wrong.push(`${route} is ${found}, the page says ${state}`);
  }
  expect(wrong).toEqual([]);
});

test('docs/mlflow.md leaves out no route that the engine answers', async () => {
  const paths = new Set([...documentedRoutes().keys()].map((route) => withoutPrefix(route)));
  const answered = (await engine.routes())
    .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/2.0/'))
    .map(({ method, path }) => withoutPrefix(`${method} ${path}`));
  expect(answered.filter((route) => !paths.has(route))).toEqual([]);
});

const withoutPrefix = (route: string) => route.replace(/ \/(ajax-)?api\/\d\.0\//, ' ');

test.skipIf('reason' in environment)(
  'docs/mlflow.md has every route of the newest MLflow',
  { timeout: 120_000 },
  () => {
    const program = `
from mlflow.server.handlers import get_endpoints
for path, _, methods in get_endpoints():
    for method in methods:
        print(method, path)
`;
    const output = execFileSync('python' in environment ? environment.python : '', ['-c', program], {
      encoding: 'utf8',
      env: { ...process.env, ...quietMlflow },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const routes = output
      .split('\n')
      .filter((line) => /^[A-Z]+ \//.test(line))
      .map((line) => line.replaceAll(/<path:\w+>/g, '*').replaceAll(/<(\w+)>/g, ':$1'));
    expect(routes.length).toBeGreaterThan(150);
    const documented = documentedRoutes();
    // The pages' own prefix stands in the list only for routes that the client's has not.
    const isListed = (route: string) =>
      documented.has(route) || documented.has(route.replace(' /ajax-api/', ' /api/'));
    expect(routes.filter((route) => !isListed(route))).toEqual([]);
  },
);
