import { enableCompileCache } from 'node:module';
import { constants } from 'node:os';
import { errorShapeOf, BenchtopError } from '../../contract/index.ts';

enableCompileCache();
// A reader that has seen enough (`| head`) ends this command as it ends any other; what runs goes on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(128 + constants.signals.SIGPIPE);
});
const { createProgram } = await import('./program.ts');

try {
  await createProgram().parseAsync();
} catch (error) {
  const { code, what, evidence, next, at } = errorShapeOf(error);
  if (process.argv.includes('--json')) console.error(JSON.stringify({ error: errorShapeOf(error) }));
  else
    console.error(
      [`benchtop: ${what}`, evidence, at === undefined ? undefined : `at character ${at.offset + 1}`, next]
        .filter((line) => line !== undefined)
        .join('\n  '),
    );
  if (!(error instanceof BenchtopError) && error instanceof Error) console.error(error.stack);
  process.exitCode = code === 'invalid-input' ? 2 : 1;
}
