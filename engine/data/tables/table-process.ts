import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { availableParallelism, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { BenchtopError, errorShapeOf } from '../../../contract/index.ts';
import { compareTables } from './compare-tables.ts';
import { profileTable } from './profile-table.ts';
import { tableColumns } from './table-columns.ts';
import { tableRows, tableRowsAt } from './table-rows.ts';
import type { TableQuestion, TableReply, TableRequest } from './table-question.ts';

// A process of its own: DuckDB takes 100 MB and more, which go with the process when nobody asks any more.

/** Whoever started this process, and hears what it answers. */
let reply: (message: TableReply) => void = () => undefined;

/** DuckDB keeps to a quarter of the memory, and goes to the disk with the rest. */
const memoryBytes = Math.min(2 * 1024 ** 3, Math.max(256 * 1024 ** 2, Math.floor(totalmem() / 4)));

let db: Promise<DuckDBConnection> | undefined;
let isCancelled = false;

async function open(folder: string): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${Math.floor(memoryBytes / 1024 ** 2)}MiB`,
    threads: String(Math.min(4, availableParallelism())),
    temp_directory: join(folder, 'spill'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  // Nothing but the files that were laid ready for it can be read, whatever a query says.
  await connection.run(`SET allowed_directories = ['${folder.replaceAll("'", "''")}/']`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
  return connection;
}

async function answer(question: TableQuestion): Promise<TableReply> {
  try {
    if (db === undefined) throw new Error('This process was asked before it was begun.');
    const connection = await db;
    return { value: await valueOf(connection, question) };
  } catch (error) {
    if (isCancelled) return { error: { code: 'cancelled', what: 'Reading the table was cancelled.' } };
    return { error: errorShapeOf(tableError(error)) };
  }
}

async function valueOf(connection: DuckDBConnection, question: TableQuestion) {
  switch (question.kind) {
    case 'profile':
      return profileTable(connection, question.file);
    case 'rows':
      return tableRows(connection, question.file, question);
    case 'rows-at':
      return tableRowsAt(connection, question.file, question.places);
    case 'columns':
      return tableColumns(connection, question.file, question.wanted);
    case 'compare':
      return compareTables(connection, question, question.key);
  }
}

/** What DuckDB says of a file it cannot read is about that file, and no defect of ours. */
function tableError(error: unknown): unknown {
  const message = error instanceof Error ? error.message : '';
  const isOutOfSpace = /Out of Memory Error|No space left|max_temp_directory_size/.test(message);
  if (error instanceof BenchtopError) return error;
  if (!isOutOfSpace && !/^(Invalid Input|Conversion|IO|Invalid|Not implemented|TProtocol)/i.test(message))
    return error;
  return new BenchtopError(
    {
      code: isOutOfSpace ? 'too-large' : 'unsupported',
      what: isOutOfSpace
        ? 'The table does not fit into the memory and the disk space that reading it may take.'
        : 'The file cannot be read as a table.',
      evidence: evidenceOf(message),
    },
    { cause: error },
  );
}

/** DuckDB's first words, without advice for people who write queries. */
function evidenceOf(message: string): string {
  const [told = ''] = message.split(/\n\s*(?:Possible|file = |See also|LINE 1)/);
  return told
    .replaceAll(/\S*\/([0-9a-f]{64})\S*/g, (_, id: string) => basename(id).slice(0, 12))
    .trim()
    .slice(0, 500);
}

function onRequest(request: TableRequest): void {
  if (request.kind === 'begin') {
    db = open(request.folder);
    // Whoever asks first gets the error.
    db.catch(() => undefined);
  } else if (request.kind === 'cancel') {
    isCancelled = true;
    void db?.then((connection) => connection.interrupt());
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
