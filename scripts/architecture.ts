import { posix } from 'node:path';
import { type Source } from './read-sources.ts';

/**
 * What each top folder may import: other top folders, and npm packages (a name, or a scope as '@mantine/'). Tests
 * may use the test tools and Node beside that. A new package is a decision: it is made here, once.
 */
const allowed: Record<string, { folders: string[]; packages: string[] }> = {
  contract: { folders: [], packages: ['zod'] },
  engine: {
    folders: ['contract'],
    packages: [
      'node:',
      '@duckdb/node-api',
      'better-sqlite3',
      'croner',
      'fflate',
      'hono',
      'ignore',
      'isomorphic-git',
      'js-yaml',
      'smol-toml',
      'yaml',
      'zod',
    ],
  },
  main: {
    folders: ['contract', 'engine'],
    packages: ['node:', '@hono/node-server', 'commander', 'electron', 'ws', 'zod'],
  },
  preload: { folders: ['contract'], packages: ['electron'] },
  renderer: {
    folders: ['contract'],
    packages: [
      '@codemirror/',
      '@lezer/',
      '@mantine/',
      '@tabler/',
      '@tanstack/',
      'react',
      'react-dom',
      'recharts',
      'wouter',
      'zod',
      'zustand',
    ],
  },
  // A page of e2e/ may mount one part of the window alone, to test it in a real browser.
  e2e: {
    folders: ['contract', 'renderer'],
    packages: [
      'node:',
      '@axe-core/playwright',
      '@mantine/core',
      '@playwright/test',
      'react',
      'react-dom',
      // The peer of bench/chart-redraw.ts.
      'recharts',
      'vite',
      'ws',
      'zod',
    ],
  },
  bench: {
    folders: ['contract', 'engine'],
    packages: ['node:', '@duckdb/node-api', '@playwright/test', 'better-sqlite3', 'ws'],
  },
};
const testTools = ['node:', 'vitest', 'fast-check', 'better-sqlite3', 'rolldown', 'ws'];

/** Each rule names what breaks it, one finding a line: the file, and the import or the fact. */
export type Rule = (sources: readonly Source[]) => string[];

/** contract ← engine ← main, contract ← preload, contract ← renderer; and only the packages of the folder. */
export const importsPointOneWay: Rule = (sources) =>
  edges(sources).flatMap(({ from, specifier, target }) => {
    const folder = topFolder(from);
    const rule = allowed[folder];
    if (rule === undefined) return [];
    const isFine =
      target === null
        ? [...rule.packages, ...(isTest(from) ? testTools : [])].some((name) => isPackage(specifier, name))
        : [folder, ...rule.folders].includes(topFolder(target));
    return isFine ? [] : [`${from} imports '${specifier}': ${folder} may not`];
  });

/** `electron`, types included, stays in main/electron and preload. */
export const electronStaysInItsPlace: Rule = (sources) =>
  edges(sources)
    .filter(({ specifier }) => isPackage(specifier, 'electron'))
    .filter(({ from }) => !from.startsWith('main/electron/') && !from.startsWith('preload/'))
    .map(({ from, specifier }) => `${from} imports '${specifier}'`);

/**
 * Everybody outside a room of engine/ or renderer/features/ comes in through its index.ts. One exception: the window's shell names
 * a page or dialog by its file to load it when it is first shown; through the index it would load the whole room.
 */
export const roomsAreEnteredThroughTheirIndex: Rule = (sources) =>
  edges(sources).flatMap(({ from, specifier, target, isLazy }) => {
    const room = target === null ? null : roomOf(target);
    if (isLazy && from.startsWith('renderer/app/') && /-(page|home|dialog)\.tsx$/.test(specifier)) return [];
    if (room === null || room === roomOf(from) || target === `${room}/index.ts`) return [];
    return [`${from} imports '${specifier}': use ${room}/index.ts`];
  });

/** The rooms of engine/ can be read, and tested, from the ground up. */
export const engineRoomsHaveNoCycle: Rule = (sources) => {
  const graph = new Map<string, Map<string, string>>();
  for (const { from, target } of edges(sources)) {
    const user = roomOf(from);
    const used = target === null ? null : roomOf(target);
    if (user === null || used === null || user === used || !user.startsWith('engine/')) continue;
    const uses = graph.get(user) ?? new Map<string, string>();
    graph.set(user, uses.has(used) ? uses : uses.set(used, from));
  }
  const done = new Set<string>();
  const findings: string[] = [];
  const visit = (room: string, path: string[]): void => {
    if (path.includes(room)) {
      const cycle = [...path.slice(path.indexOf(room)), room];
      const files = cycle.slice(1).map((next, index) => graph.get(cycle[index] ?? '')?.get(next));
      findings.push(`${cycle.join(' → ')} (by ${files.join(', ')})`);
    }
    if (path.includes(room) || done.has(room)) return;
    for (const next of graph.get(room)?.keys() ?? []) visit(next, [...path, room]);
    done.add(room);
  };
  for (const room of graph.keys()) visit(room, []);
  return findings;
};

/** A file holds one idea. */
export const filesAreShort: Rule = (sources) =>
  sources
    .filter(({ path, lineCount }) => lineCount > 400 && !path.includes('/fixtures/'))
    .map(({ path, lineCount }) => `${path} has ${lineCount} lines; 400 are the most`);

/** Files and folders are in kebab-case, extensions aside. */
export const namesAreKebabCase: Rule = (sources) =>
  sources
    .filter(({ path }) =>
      path.split('/').some((name) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/.test(name)),
    )
    .map(({ path }) => `${path} is not in kebab-case`);

/** A name says what is inside. */
export const namesSaySomething: Rule = (sources) =>
  sources
    .filter(({ path }) => /(^|[/-])(utils?|helpers?|common|managers?|services?)([./]|$)/.test(path))
    .map(({ path }) => `${path}: name it after what it exports`);

type Edge = {
  from: string;
  specifier: string;
  /** null for a package */ target: string | null;
  isLazy: boolean;
};

function edges(sources: readonly Source[]): Edge[] {
  return sources.flatMap(({ path, imports, lazyImports }) =>
    imports.map((specifier) => ({
      from: path,
      specifier,
      target: specifier.startsWith('.')
        ? posix.join(posix.dirname(path), specifier.replace(/\?.*$/, ''))
        : null,
      isLazy: lazyImports.includes(specifier),
    })),
  );
}

/** 'engine/store' or 'renderer/features/runs'; null for a file in no room. */
function roomOf(path: string): string | null {
  return /^(engine\/[^/]+|renderer\/features\/[^/]+)\//.exec(path)?.[1] ?? null;
}

function topFolder(path: string): string {
  return path.split('/', 1)[0] ?? path;
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$|\/(fixtures|testing)\//.test(path);
}

function isPackage(specifier: string, name: string): boolean {
  return /[:/]$/.test(name)
    ? specifier.startsWith(name)
    : specifier === name || specifier.startsWith(`${name}/`);
}
