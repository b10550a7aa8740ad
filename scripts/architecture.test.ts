import { describe, expect, test } from 'vitest';
import {
  electronStaysInItsPlace,
  engineRoomsHaveNoCycle,
  filesAreShort,
  importsPointOneWay,
  namesAreKebabCase,
  namesSaySomething,
  roomsAreEnteredThroughTheirIndex,
  type Rule,
} from './architecture.ts';
import { projectRoot } from './bootstrap.mjs';
import { parseSource, readSources } from './read-sources.ts';

describe('the house', () => {
  const sources = readSources(projectRoot);

  test.each<[string, Rule]>([
    ['imports point one way', importsPointOneWay],
    ['electron only in main/electron and preload', electronStaysInItsPlace],
    ['rooms are entered through their index.ts', roomsAreEnteredThroughTheirIndex],
    ['the rooms of the engine have no cycle', engineRoomsHaveNoCycle],
    ['no file is longer than 400 lines', filesAreShort],
    ['names are in kebab-case', namesAreKebabCase],
    ['names say what is inside', namesSaySomething],
  ])('%s', (_name, rule) => {
    expect(rule(sources).join('\n')).toBe('');
  });

  test('is really read', () => {
    const own = sources.find(({ path }) => path === 'scripts/architecture.test.ts');
    expect(own?.imports).toContain('./architecture.ts');
  });
});

describe('each rule can fail', () => {
  const check = (rule: Rule, files: Record<string, string>): string[] =>
    rule(Object.entries(files).map(([path, text]) => parseSource(path, text)));

  test.each([
    ['contract/runs.ts', "import fs from 'node:fs';"],
    ['contract/runs.ts', "import { open } from '../engine/store/index.ts';"],
    ['contract/runs.ts', "export * from 'zod-extras';"],
    ['engine/store/open.ts', "import { useState } from 'react';"],
    ['engine/store/open.ts', "import type { Host } from '../../main/serve/host.ts';"],
    ['engine/store/open.ts', "import { vi } from 'vitest';"],
    ['renderer/app/shell.tsx', "import { createEngine } from '../../engine/engine.ts';"],
    ['renderer/app/shell.tsx', "const fs = await import('node:fs');"],
    ['preload/preload.ts', "import fs from 'node:fs';"],
    ['main/cli/benchtop.ts', "export { shell } from '../../renderer/app/shell.tsx';"],
    ['e2e/first.e2e.ts', "import { createEngine } from '../engine/engine.ts';"],
  ])('imports point one way: %s with %s', (path, text) => {
    expect(check(importsPointOneWay, { [path]: text })).toEqual([
      expect.stringMatching(`^${path} imports '`),
    ]);
  });

  test('imports point one way: what is meant to be allowed is', () => {
    const files = {
      'contract/runs.ts': "import { z } from 'zod/v4'; import { a } from './errors.ts';",
      'contract/runs.test.ts': "import { test } from 'vitest'; import fs from 'node:fs';",
      'engine/store/open.ts':
        "import Database from 'better-sqlite3'; import { a } from '../../contract/index.ts';",
      'main/cli/benchtop.ts': "import { createEngine } from '../../engine/engine.ts';",
      'renderer/app/shell.tsx': "import { AppShell } from '@mantine/core'; import './shell.css';",
    };
    expect(check(importsPointOneWay, files)).toEqual([]);
  });

  test('electron stays in its place', () => {
    const files = {
      'main/cli/open.ts': "import type { App } from 'electron';",
      'engine/engine.ts': "import('electron/main');",
      'main/electron/main.ts': "import { app } from 'electron';",
      'preload/preload.ts': "import { contextBridge } from 'electron';",
    };
    expect(check(electronStaysInItsPlace, files)).toEqual([
      "main/cli/open.ts imports 'electron'",
      "engine/engine.ts imports 'electron/main'",
    ]);
  });

  test('rooms are entered through their index', () => {
    const files = {
      'engine/runner/launch.ts':
        "import { a } from '../store/open.ts'; import { b } from '../store/index.ts';",
      'engine/engine.ts': "import { a } from './store/open.ts'; import { b } from './store/index.ts';",
      'engine/store/read.ts': "import { a } from './open.ts';",
      'main/serve/host.ts': "import { a } from '../../engine/store/open.ts';",
      'renderer/features/runs/table.tsx':
        "import { a } from '../models/card.tsx'; import { b } from '../models/index.ts';",
    };
    expect(check(roomsAreEnteredThroughTheirIndex, files)).toEqual([
      "engine/runner/launch.ts imports '../store/open.ts': use engine/store/index.ts",
      "engine/engine.ts imports './store/open.ts': use engine/store/index.ts",
      "main/serve/host.ts imports '../../engine/store/open.ts': use engine/store/index.ts",
      "renderer/features/runs/table.tsx imports '../models/card.tsx': use renderer/features/models/index.ts",
    ]);
  });

  test('the rooms have no cycle', () => {
    const files = {
      'engine/engine.ts': "import './tracking/index.ts';",
      'engine/tracking/append.ts': "import '../store/index.ts';",
      'engine/store/open.ts': "import '../objects/index.ts';",
      'engine/objects/pack.ts': "import type { Run } from '../tracking/index.ts';",
      'engine/runner/launch.ts': "import '../tracking/index.ts';",
    };
    expect(check(engineRoomsHaveNoCycle, files)).toEqual([
      'engine/tracking → engine/store → engine/objects → engine/tracking (by engine/tracking/append.ts, engine/store/open.ts, engine/objects/pack.ts)',
    ]);
    expect(check(engineRoomsHaveNoCycle, { ...files, 'engine/objects/pack.ts': '' })).toEqual([]);
  });

  test('files are short', () => {
    expect(check(filesAreShort, { 'engine/a.ts': '\n'.repeat(400) })).toEqual([]);
    expect(check(filesAreShort, { 'engine/a.ts': '\n'.repeat(401) })).toEqual([
      'engine/a.ts has 401 lines; 400 are the most',
    ]);
  });

  test('names are in kebab-case and say what is inside', () => {
    const bad = ['renderer/app/AppShell.tsx', 'engine/run_store/open.ts', 'engine/-a.ts'];
    const good = ['engine/store/open.long.test.ts', 'contract/host-globals.d.ts', 'renderer/vite-env.d.ts'];
    const empty = (paths: string[]): Record<string, string> =>
      Object.fromEntries(paths.map((path) => [path, '']));
    expect(check(namesAreKebabCase, empty([...bad, ...good]))).toEqual(
      bad.map((path) => `${path} is not in kebab-case`),
    );
    const vague = [
      'engine/utils.ts',
      'engine/common/a.ts',
      'renderer/app/date-helpers.ts',
      'main/run-service.test.ts',
    ];
    expect(check(namesSaySomething, empty([...vague, ...good, 'engine/commonest-value.ts']))).toEqual(
      vague.map((path) => `${path}: name it after what it exports`),
    );
  });
});
