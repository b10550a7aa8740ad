import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Assembles the programs in WebAssembly's text format that have changed; the code of each lies beside it, and is not
 * committed. Done before a bundle is made and before tests run: programs read the code when they start.
 *
 * @param {string} root
 */
export async function assembleWasm(root) {
  const texts = readdirSync(join(root, 'engine'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.wat'),
  );
  if (texts.length === 0) return;
  const { default: wabt } = await import('wabt');
  const { parseWat } = await wabt();
  for (const text of texts) {
    const path = join(root, 'engine', text);
    const module = parseWat(text, readFileSync(path, 'utf8'), {
      simd: true,
      multi_value: true,
      threads: true,
      relaxed_simd: true,
    });
    const { buffer } = module.toBinary({});
    module.destroy();
    const code = path.replace(/\.wat$/, '.wasm');
    if (existsSync(code) && readFileSync(code).equals(buffer)) continue;
    // Others may be reading it: whole or not at all.
    writeFileSync(`${code}.${process.pid}`, buffer);
    renameSync(`${code}.${process.pid}`, code);
  }
}
