import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';

/** A source file as the architecture test sees it. */
export type Source = {
  /** Relative to the root, with forward slashes. */
  path: string;
  lineCount: number;
  /** What it imports, re-exports or loads dynamically, as written. */
  imports: string[];
  /** Those of them that are loaded only when they are needed, by `import()`. */
  lazyImports: string[];
};

const folders = ['bench', 'contract', 'e2e', 'engine', 'main', 'preload', 'renderer', 'scripts'];

/** All TypeScript and module files of the house. */
export function readSources(root: string): Source[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
      .filter((path) => /\.(tsx?|mjs)$/.test(path) && !path.includes('node_modules/'))
      .toSorted()
      .map((path) => parseSource(path, readFileSync(join(root, path), 'utf8'))),
  );
}

/** @throws when the text is not valid TypeScript */
export function parseSource(path: string, text: string): Source {
  const { module, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);
  const lazyImports = module.dynamicImports
    .map(({ moduleRequest }) => literal(text.slice(moduleRequest.start, moduleRequest.end)))
    .filter((specifier) => specifier !== undefined);
  const imports = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.map(({ moduleRequest }) => moduleRequest?.value),
    ),
    ...lazyImports,
  ].filter((specifier) => specifier !== undefined);
  return {
    path,
    lineCount: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    imports: [...new Set(imports)],
    lazyImports,
  };
}

/** The text of a string literal; a computed import names no module that could be checked. */
function literal(expression: string): string | undefined {
  return /^(['"`])([^'"`$]*)\1$/.exec(expression.trim())?.[2];
}
