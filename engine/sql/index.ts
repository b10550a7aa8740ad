export { createSql } from './create-sql.ts';
