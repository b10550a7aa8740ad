import { enableCompileCache } from 'node:module';
import { constants } from 'node:os';
import { errorShapeOf, BenchtopError } from '../../contract/index.ts';
import { startAhead } from './engine-ahead.ts';
import { errorText } from './error-text.ts';

enableCompileCache();
startAhead(process.argv.slice(2));
// A reader that has seen enough (`| head`) ends this command as it ends any other; what runs goes on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(128 + constants.signals.SIGPIPE);
});
const { createProgram } = await import('./program.ts');

try {
  await createProgram().parseAsync();
} catch (error) {
  const shape = errorShapeOf(error);
  console.error(process.argv.includes('--json') ? JSON.stringify({ error: shape }) : errorText(error));
  if (!(error instanceof BenchtopError) && error instanceof Error) console.error(error.stack);
  process.exitCode = shape.code === 'invalid-input' ? 2 : 1;
}
