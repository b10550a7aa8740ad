import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import { oneByteCode } from './one-byte-code.mjs';

async function bundled(text: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-one-byte-'));
  writeFileSync(join(folder, 'said.ts'), text);
  const build = await rolldown({ cwd: folder, input: 'said.ts', plugins: [oneByteCode()] });
  try {
    return (await build.generate({ format: 'es' })).output[0].code;
  } finally {
    await build.close();
    rmSync(folder, { recursive: true });
  }
}

test('a bundle says what its sources say, in ASCII', async () => {
  const code = await bundled(
    "// über – comments, too\nexport const said = { plain: 'what’s “said” … →', [`größe`]: `1 ${'≤'} 2 📦`, both: ['📦'.replace(/[📦]/u, 'ß'), /[äöü]{2}/.test('öä')] };\n",
  );
  expect(code).toMatch(/^[\0-\u007f]+$/);
  const { said } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { said: unknown };
  expect(said).toEqual({ plain: 'what’s “said” … →', größe: '1 ≤ 2 📦', both: ['ß', true] });
});

test('what escapes would make another text fails the build', async () => {
  await expect(bundled('export const said = String.raw`größer`;\n')).rejects.toThrow('String.raw`größer`');
});
