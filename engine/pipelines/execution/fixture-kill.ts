import Database from 'better-sqlite3';
import { flushCompileCache } from 'node:module';
import { openEngine } from '../../fixture-engine.ts';

/**
 * For tests: an engine that kills itself at the n-th commit of its store, before or after it, counted from when the project is open;
 * 0: never. It runs the project's pipeline, or goes on with an execution that it finds, and prints how that ended.
 * `node fixture-kill.ts HOME PROJECT N before|after JOBS`
 */
const [homePath = '', projectPath = '', killAt = '0', moment = 'before', jobs = '2'] = process.argv.slice(2);

// Killed, it would leave its compiled code to none of those that come after it.
flushCompileCache();
let left = Infinity;
type Prepare = (this: Database.Database, sql: string) => Database.Statement;
const { prepare } = Database.prototype as unknown as { prepare: Prepare };
(Database.prototype as unknown as { prepare: Prepare }).prepare = function (sql) {
  const statement = prepare.call(this, sql);
  if (sql !== 'COMMIT') return statement;
  const run = statement.run.bind(statement);
  statement.run = () => {
    left--;
    if (left === 0 && moment === 'before') process.kill(process.pid, 'SIGKILL');
    const result = run();
    if (left === 0) process.kill(process.pid, 'SIGKILL');
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
