import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { errorShapeOf } from '../../../contract/index.ts';
import { withBrokenColumn } from './broken-column.ts';
import { compareTables } from './compare-tables.ts';
import { driftOfChunks } from './drift-of-chunks.ts';
import { driftOfTables } from './drift-of-tables.ts';
import { quoted } from './load-table.ts';
import { performanceOfTables } from './performance-of-tables.ts';
import { profileTable } from './profile/profile-table.ts';
import { tableChunks } from './table-chunks.ts';
import { tableColumns } from './table-columns.ts';
import { tableQuery } from './table-query.ts';
import { tableRows, tableRowsAt } from './table-rows.ts';
import type { TableQuestion, TableReply, TableRequest } from './table-question.ts';
import { unreadableTable } from './unreadable-table.ts';

// A process of its own: DuckDB takes 100 MB and more, which go with the process when nobody asks any more.

/** Whoever started this process, and hears what it answers. */
let reply: (message: TableReply) => void = () => undefined;

/** DuckDB keeps to a quarter of the memory, and goes to the disk with the rest. */
const memoryBytes = Math.min(2 * 1024 ** 3, Math.max(256 * 1024 ** 2, Math.floor(totalmem() / 4)));

let db: Promise<DuckDBConnection> | undefined;
let begunIn = '';
/** What a question is being asked of. */
let asked: DuckDBConnection | undefined;
let isCancelled = false;

/** @param paths files elsewhere that may be read too */
async function open(folder: string, paths: readonly string[]): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${Math.floor(memoryBytes / 1024 ** 2)}MiB`,
    threads: String(Math.min(4, availableParallelism())),
    temp_directory: join(folder, 'spill'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  // So that it is known how far a query is.
  await connection.run('SET enable_progress_bar = true');
  await connection.run('SET enable_progress_bar_print = false');
  // Nothing but the files that were laid ready for it can be read, whatever a query says.
  await connection.run(`SET allowed_directories = [${quoted(`${folder}/`)}]`);
  await connection.run(`SET allowed_paths = [${paths.map(quoted).join(', ')}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
  return connection;
}

async function answer(question: TableQuestion): Promise<TableReply> {
  try {
    if (db === undefined) throw new Error('This process was asked before it was begun.');
    const paths = pathsElsewhere(question);
    asked = paths.length === 0 ? await db : await open(begunIn, paths);
    try {
      return { value: await valueOf(asked, question) };
    } catch (error) {
      const told = unreadableTable(error, nameOf(question));
      throw isCancelled ? told : await withBrokenColumn(asked, told);
    } finally {
      if (paths.length > 0) asked.closeSync();
    }
  } catch (error) {
    if (isCancelled) return { error: { code: 'cancelled', what: 'Reading the table was cancelled.' } };
    return { error: errorShapeOf(error) };
  }
}

/** A file of the user's is read where it lies, for this one question alone. */
function pathsElsewhere(question: TableQuestion): string[] {
  if (question.kind === 'drift')
    return [question.reference.file, question.current].flatMap((file) => (file === null ? [] : [file.path]));
  if (question.kind === 'chunks') return [question.file.path];
  if (question.kind === 'drift-of-chunks')
    return [
      question.reference.file.path,
      ...new Set(question.chunks.map(({ file }) => file.path)),
      ...(question.answers?.labelFiles.map(({ path }) => path) ?? []),
    ];
  if (question.kind === 'performance')
    return [question.reference, question.current, question.lateLabels].flatMap((file) => file?.path ?? []);
  if (question.kind === 'query') return [question.file.path];
  return question.kind === 'profile' && 'name' in question.file ? [question.file.path] : [];
}

const nameOf = (question: TableQuestion): string =>
  'file' in question && 'name' in question.file ? question.file.name : 'The file';

async function valueOf(connection: DuckDBConnection, question: TableQuestion) {
  switch (question.kind) {
    case 'profile':
      return profileTable(connection, question.file, (part) => reply({ part }));
    case 'rows':
      return tableRows(connection, question.file, question);
    case 'query':
      return tableQuery(connection, question);
    case 'rows-at':
      return tableRowsAt(connection, question.file, question.places);
    case 'columns':
      return tableColumns(connection, question.file, question.wanted);
    case 'drift':
      return driftOfTables(connection, question);
    case 'chunks':
      return tableChunks(connection, question);
    case 'drift-of-chunks':
      return driftOfChunks(
        connection,
        question,
        (part) => reply({ part }),
        () => isCancelled,
      );
    case 'performance':
      return performanceOfTables(connection, question);
    case 'compare':
      return compareTables(connection, question, question.key);
  }
}

function onRequest(request: TableRequest): void {
  if (request.kind === 'begin') {
    begunIn = request.folder;
    db = open(request.folder, []);
    // Whoever asks first gets the error.
    db.catch(() => undefined);
  } else if (request.kind === 'cancel') {
    isCancelled = true;
    asked?.interrupt();
  } else {
    isCancelled = false;
    void answer(request.question).then(reply);
  }
}

/** A port of Electron's, as it comes to a utility process. */
interface HandedPort {
  on(event: 'message', listener: (message: { readonly data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  postMessage(message: unknown): void;
  start(): void;
}
type Parent = {
  once(event: 'message', listener: (message: { readonly ports: readonly HandedPort[] }) => void): void;
};

// A child of Node has a channel; a utility process of Electron is handed a port. Where it breaks the engine is gone, and so is
// the reason to be here.
const parent = (process as { parentPort?: Parent }).parentPort;
if (parent === undefined) {
  reply = (message) => void process.send?.(message);
  process.on('message', (message) => onRequest(message as TableRequest));
  process.on('disconnect', () => process.exit(0));
} else
  parent.once('message', ({ ports: [port] }) => {
    if (port === undefined) return;
    reply = (message) => port.postMessage(message);
    port.on('message', ({ data }) => onRequest(data as TableRequest));
    port.on('close', () => process.exit(0));
    port.start();
  });
