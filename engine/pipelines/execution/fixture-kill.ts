import Database from 'better-sqlite3';
import { flushCompileCache } from 'node:module';
import { openEngine } from '../../fixture-engine.ts';
import type { KillMoment } from './fixture-crashes.ts';

/**
 * For tests: an engine that kills itself at the n-th such moment of its store, counted from when the project is open; 0: never. It
 * runs the project's pipeline, or goes on with an execution that it finds, and prints how that ended.
 * `node fixture-kill.ts HOME PROJECT N MOMENT JOBS`
 */
const [homePath = '', projectPath = '', killAt = '0', moment = 'before', jobs = '2'] = process.argv.slice(2);

// Killed, it would leave its compiled code to none of those that come after it.
flushCompileCache();
let left = Infinity;
function pass(passed: KillMoment): void {
  if (passed === moment && --left === 0) process.kill(process.pid, 'SIGKILL');
}

let isNoted = false;
/** After a piece of work: what is committed at once is so by then; of the rest somebody has been told. */
function passBetween(db: Database.Database): void {
  isNoted = false;
  if (db.inTransaction) pass('between');
}

type Prepare = (this: Database.Database, sql: string) => Database.Statement;
const { prepare } = Database.prototype as unknown as { prepare: Prepare };
(Database.prototype as unknown as { prepare: Prepare }).prepare = function (sql) {
  const statement = prepare.call(this, sql);
  const run = statement.run.bind(statement);
  if (sql === 'COMMIT')
    statement.run = () => {
      pass('before');
      const result = run();
      pass('after');
      return result;
    };
  else
    statement.run = (...values: unknown[]) => {
      const result = run(...values);
      if (!isNoted) queueMicrotask(() => passBetween(this));
      isNoted = true;
      return result;
    };
  return statement;
};

const { api, close } = await openEngine(homePath);
const { id: projectId } = await api.projects.open({ path: projectPath });
if (Number(killAt) > 0) left = Number(killAt);
const [last] = await api.pipelines.executions({ projectId, limit: 1 });
const { id } = last ?? (await api.pipelines.run({ projectId, jobs: Number(jobs) }));
for await (const { execution } of api.pipelines.follow({ executionId: id }))
  if (execution.status !== 'running') break;
const { status, stages } = await api.pipelines.execution({ executionId: id });
process.stdout.write(JSON.stringify({ status, stages }));
await close();
