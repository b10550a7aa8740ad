import { isBuiltin } from 'node:module';

/**
 * Takes Node's own modules in a bundle as they are, and not through the ES modules that stand for them: such a one reads all that it
 * exports when it is made, and what is made on demand in `node:http` alone (a WebSocket, and undici for it) takes longer to load than all
 * else that a command needs.
 *
 * @returns {import('rolldown').Plugin}
 */
export function plainBuiltins() {
  return {
    name: 'plain-builtins',
    renderChunk(code) {
      const replaced = code.replaceAll(
        /^import (?:\* as )?([\w$]+)?(?:, )?(?:\{([^}]*)\})? from "(?:node:)?([a-z_0-9/]+)";$/gm,
        (
          whole,
          /** @type {string | undefined} */ all,
          /** @type {string | undefined} */ names,
          /** @type {string} */ name,
        ) => {
          if (!isBuiltin(name)) return whole;
          const taken = `process.getBuiltinModule("node:${name}")`;
          const parts =
            names === undefined ? [] : [`{${names.replaceAll(/([\w$]+) as /g, '$1: ')}} = ${taken}`];
          if (all !== undefined) parts.unshift(`${all} = ${taken}`);
          return `const ${parts.join(', ')};`;
        },
      );
      return replaced === code ? null : { code: replaced, map: null };
    },
  };
}
