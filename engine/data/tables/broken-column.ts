import type { DuckDBConnection } from '@duckdb/node-api';
import { BenchtopError } from '../../../contract/index.ts';
import { identifier, quoted, rowsOf } from './load-table.ts';

/**
 * The error with the column at which a Parquet file breaks, which DuckDB does not tell: each is read alone until one fails. An error of
 * another kind is left as it is.
 */
export async function withBrokenColumn(db: DuckDBConnection, error: unknown): Promise<unknown> {
  if (!(error instanceof BenchtopError) || !(error.cause instanceof Error)) return error;
  const [, path, why] = /Failed to read file "([^"]+)": ([^\n]+)/.exec(error.cause.message) ?? [];
  if (path === undefined || why === undefined) return error;
  const from = `read_parquet(${quoted(path)})`;
  const columns = await rowsOf(db, `DESCRIBE SELECT * FROM ${from}`).catch(() => []);
  for (const [column] of columns) {
    const name = String(column);
    const failed = await rowsOf(db, `SELECT bit_xor(hash(${identifier(name)})) FROM ${from}`).then(
      () => false,
      () => true,
    );
    if (failed)
      return new BenchtopError(
        { code: error.code, what: error.message, evidence: `Column "${name}": ${why}` },
        { cause: error.cause },
      );
  }
  return error;
}
