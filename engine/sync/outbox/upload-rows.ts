import type Database from 'better-sqlite3';
import { prepared } from '../../store/index.ts';

/** Where one part of a file goes, as the server signed it. */
export interface PartPlace {
  /** From 1. */
  readonly number: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface UploadPart extends PartPlace {
  /** As the store gave it, '' where it gives none; null: the part is not there. */
  readonly etag: string | null;
}

/** A file that goes to a server's store in parts: begun, and not put together yet. */
export interface Upload {
  readonly id: number;
  /** Below the server's proxy of artifacts. */
  readonly path: string;
  /** The store's name for it; '' where it has none. */
  readonly uploadId: string;
  readonly objectId: string;
  readonly partBytes: number;
  /** How often the server was asked to put the parts together. */
  readonly completions: number;
}

const columns =
  'u.id, u.path, u.upload_id AS uploadId, u.object_id AS objectId, u.part_bytes AS partBytes, u.completions';

export const uploadOf = (db: Database.Database, operation: number): Upload | undefined =>
  prepared(db, `SELECT ${columns} FROM sync_upload u WHERE u.operation = ?`).get(operation) as
    | Upload
    | undefined;

export function partsOf(db: Database.Database, upload: number): UploadPart[] {
  const rows = prepared(
    db,
    'SELECT number, url, headers, etag FROM sync_upload_part WHERE upload = ? ORDER BY number',
  ).all(upload) as (Omit<UploadPart, 'headers'> & { headers: string })[];
  return rows.map((row) => ({ ...row, headers: JSON.parse(row.headers) as UploadPart['headers'] }));
}

/** Keeps what the server said, before the first part goes. */
export function insertUpload(
  db: Database.Database,
  {
    target,
    operation,
    ...upload
  }: Omit<Upload, 'id' | 'completions'> & { target: number; operation: number },
  parts: readonly PartPlace[],
): void {
  const id = prepared(
    db,
    `INSERT INTO sync_upload (target, operation, path, upload_id, object_id, part_bytes)
     VALUES (@target, @operation, @path, @uploadId, @objectId, @partBytes) RETURNING id`,
  )
    .pluck()
    .get({ target, operation, ...upload }) as number;
  const insert = prepared(
    db,
    'INSERT INTO sync_upload_part (upload, number, url, headers) VALUES (?, ?, ?, ?)',
  );
  for (const { number, url, headers } of parts) insert.run(id, number, url, JSON.stringify(headers));
}

export function notePart(db: Database.Database, upload: number, number: number, etag: string): void {
  prepared(db, 'UPDATE sync_upload_part SET etag = ? WHERE upload = ? AND number = ?').run(
    etag,
    upload,
    number,
  );
}

export function noteCompletion(db: Database.Database, upload: number): void {
  prepared(db, 'UPDATE sync_upload SET completions = completions + 1 WHERE id = ?').run(upload);
}

/** Counts what went wrong with the parts of a file, since it was put into the outbox. Returns how often that was. */
export const noteMishap = (db: Database.Database, operation: number): number =>
  prepared(
    db,
    `UPDATE sync_operation SET detail = json_set(detail, '$.mishaps', ifnull(detail ->> '$.mishaps', 0) + 1) WHERE id = ?
     RETURNING detail ->> '$.mishaps'`,
  )
    .pluck()
    .get(operation) as number;

/** A file goes whole from now on, and why. */
export function noteWhole(db: Database.Database, operation: number, because: string): void {
  prepared(db, "UPDATE sync_operation SET detail = json_set(detail, '$.wholeBecause', ?) WHERE id = ?").run(
    because,
    operation,
  );
}

/** From here on nobody sends it: what it left at the store is to be ended. */
export function abandonUpload(db: Database.Database, upload: number): void {
  prepared(db, 'UPDATE sync_upload SET operation = NULL WHERE id = ?').run(upload);
}

/** It is over, there and here: with it goes what was signed for it. */
export function deleteUpload(db: Database.Database, upload: number): void {
  prepared(db, 'DELETE FROM sync_upload WHERE id = ?').run(upload);
}

/** What was begun at a target and is not sent any more: cancelled, or given up for another way. */
export const leftUploads = (db: Database.Database, target: number): Upload[] =>
  prepared(
    db,
    `SELECT ${columns} FROM sync_upload u LEFT JOIN sync_operation o ON o.id = u.operation
       LEFT JOIN sync_delivery d ON d.id = o.delivery
     WHERE u.target = ? AND (u.operation IS NULL OR d.state = 'cancelled') ORDER BY u.id LIMIT 1000`,
  ).all(target) as Upload[];
