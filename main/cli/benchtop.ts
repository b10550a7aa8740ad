import { enableCompileCache } from 'node:module';
import { errorShapeOf, BenchtopError } from '../../contract/index.ts';

enableCompileCache();
const { createProgram } = await import('./program.ts');

try {
  await createProgram().parseAsync();
} catch (error) {
  const { code, what, evidence, next } = errorShapeOf(error);
  if (process.argv.includes('--json')) console.error(JSON.stringify({ error: errorShapeOf(error) }));
  else console.error([`benchtop: ${what}`, evidence, next].filter((line) => line !== undefined).join('\n  '));
  if (!(error instanceof BenchtopError) && error instanceof Error) console.error(error.stack);
  process.exitCode = code === 'invalid-input' ? 2 : 1;
}
