import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, expect, test } from 'vitest';
import { answerSchemas } from './answer-schemas.mjs';

const folder = mkdtempSync(join(tmpdir(), 'benchtop-answer-schemas-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The code of a bundle of `program.ts`, which imports the contract's files. */
async function bundled(files: Record<string, string>): Promise<string> {
  mkdirSync(join(folder, 'contract', 'rpc'), { recursive: true });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  const build = await rolldown({
    cwd: folder,
    input: 'program.ts',
    plugins: [answerSchemas()],
    treeshake: { moduleSideEffects: false },
  });
  try {
    return (await build.generate({ format: 'es' })).output[0].code;
  } finally {
    await build.close();
  }
}

test('a bundle has the schemas of what is asked and of what is read elsewhere, and none of answers alone', async () => {
  const code = await bundled({
    'contract/rpc/made.ts': `
      export const made: string[] = [];
      export const object = (name: string) => ({ name: (made.push(name), name), orNull: () => object(name + '?') });
      export const procedure = (about: string, input: unknown, _output: unknown) => ({ about, input });`,
    'contract/room.ts': `
      import { object, procedure } from './rpc/made.ts';
      const part = object('part “of” an answer');
      export const answer = { part, whole: object('answer') };
      export const question = object('question').orNull();
      export const stored = object('stored');
      export const later = () => object('made later');
      export const room = { ask: procedure('Ask “it”.', question, answer), again: procedure('Again.', object('inline'), object('inline answer')) };`,
    'program.ts': `
      import { made } from './contract/rpc/made.ts';
      import { later, room, stored } from './contract/room.ts';
      export const told = { made, room, stored, later };`,
  });
  const { told } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    told: { made: string[]; room: unknown };
  };
  expect(told.made.toSorted()).toEqual(['inline', 'question', 'question?', 'stored']);
  expect(told.room).toEqual({
    ask: { about: 'Ask “it”.', input: expect.objectContaining({ name: 'question?' }) },
    again: { about: 'Again.', input: expect.objectContaining({ name: 'inline' }) },
  });
});
