import { readFileSync, statSync } from 'node:fs';
import { basename, extname, join, relative, resolve, sep } from 'node:path';
import { isWithin } from '../is-within.ts';

/** What holds data, by the names people give it; a compressed one by the name below. */
const dataExtensions = new Set(
  '.csv .tsv .parquet .pq .json .jsonl .ndjson .feather .arrow .avro .orc .npy .npz .h5 .hdf5 .mat .rds .rdata .sas7bdat .dta .xlsx .xls .sqlite .db .tfrecord .safetensors .pkl .pickle .joblib .pt .pth .onnx .bin .dat .data .txt .xml .png .jpg .jpeg .tif .tiff .bmp .webp .wav .mp3 .flac .zip .tar .gz .bz2 .xz .zst'.split(
    ' ',
  ),
);
/** What a program reads of itself and of how it is set up: kept with the run's code, params and environment. */
const ownExtensions = new Set(
  '.py .pyc .pyi .so .r .jl .js .mjs .cjs .ts .mts .cts .sh .rb .pl .java .jar .class .c .h .cpp .rs .go .ipynb .md .rst .html .css .yaml .yml .toml .ini .cfg .conf .lock .log .env .pem .key .ttf .otf'.split(
    ' ',
  ),
);
/** A script longer than this is not looked through. */
const scriptBytes = 1024 * 1024;

/** True for a path that may hold a run's data: in the project whatever is no code and not hidden, elsewhere by its name. */
export function mayBeData(path: string, projectPath: string | null): boolean {
  const extension = extname(path).toLowerCase();
  if (ownExtensions.has(extension)) return false;
  if (projectPath === null || path === projectPath || !isWithin(projectPath, path))
    return dataExtensions.has(extension);
  return !relative(projectPath, path)
    .split(sep)
    .some(
      (part) =>
        part.startsWith('.') || part === '__pycache__' || part === 'site-packages' || part === 'node_modules',
    );
}

/**
 * Files and folders of the project that a command names, and files that its script names in quotes: what is there when the run
 * begins. Whether they are read nobody knows.
 */
export function namedPaths(command: readonly string[], workingFolder: string, projectPath: string): string[] {
  const words = command.flatMap((word, at) =>
    at === 2 && command[1] === '-c' ? word.split(/[\s"';|&<>()]+/) : [word],
  );
  const named = words.flatMap((word) => [word, word.slice(word.indexOf('=') + 1)]);
  const scripts = words.filter((word) => /\.(py|r|jl|sh|rb|pl|[cm]?[jt]s)$/i.test(word));
  for (const script of scripts) named.push(...quotedNames(resolve(workingFolder, script)));
  const found = new Set<string>();
  for (const word of new Set(named)) {
    // An option is no path, and nearly every command has some.
    const path = word === '' || word.startsWith('-') ? null : resolve(workingFolder, word);
    if (path === null || path === projectPath || !isWithin(projectPath, path)) continue;
    if (isWithin(path, workingFolder) || !mayBeData(path, projectPath)) continue;
    const kind = kindOf(path);
    if (kind === 'file' || (kind === 'folder' && /[/\\.]/.test(word))) found.add(path);
  }
  return [...found];
}

/** Texts in quotes of a script that are called like a data file. */
function quotedNames(script: string): string[] {
  let text: string;
  try {
    if (statSync(script).size > scriptBytes) return [];
    text = readFileSync(script, 'utf8');
  } catch {
    return []; // Not there, or not for us to read: then it says nothing.
  }
  return [...text.matchAll(/(["'])([^"'\n*?{}$]{1,300})\1/g)].flatMap(([, , name = '']) =>
    dataExtensions.has(extname(name).toLowerCase()) && basename(name) !== extname(name) ? [name] : [],
  );
}

function kindOf(path: string): 'file' | 'folder' | null {
  try {
    // Most words are no paths, and an error for each would cost more than all the rest.
    const status = statSync(path, { throwIfNoEntry: false });
    return status?.isFile() === true ? 'file' : status?.isDirectory() === true ? 'folder' : null;
  } catch {
    return null; // Longer than any path, or not for us to see.
  }
}

/** The path of a `file:` address or a plain one; null for what lies elsewhere. */
export function localPath(source: string, workingFolder: string | null): string | null {
  const plain = source.replace(/^file:\/\/(?=\/)/, '');
  if (/^[a-z][a-z0-9+.-]*:/i.test(plain)) return null;
  if (plain.startsWith(sep)) return plain;
  return workingFolder === null ? null : join(workingFolder, plain);
}
