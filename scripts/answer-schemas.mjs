/**
 * Leaves out of a bundle what the contract says of answers. A schema of what comes out of a procedure is there for its type, nobody checks
 * an answer when the product runs, and making all of them takes an engine and a command a tenth of their start. So `procedure` and
 * `stream` lose their third argument; and a top-level value of the contract is made in a way that lets the bundler drop it where it is
 * named no more, for modules of the contract do nothing by being imported.
 *
 * @returns {import('rolldown').Plugin}
 */
export function answerSchemas() {
  return {
    name: 'answer-schemas',
    transform: {
      filter: { id: { include: /[\\/]contract[\\/][^\\/]+\.ts$/, exclude: /node_modules/ } },
      handler(code) {
        /** @type {{ at: number, until: number, text: string }[]} */
        const edits = [];
        for (const statement of this.parse(code, { lang: 'ts' }).body) {
          const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
          if (declared?.type !== 'VariableDeclaration') continue;
          for (const { init } of declared.declarations) {
            const calls = callsIn(init);
            if (init === null || calls.length === 0) continue;
            edits.push({ at: init.start, until: init.start, text: '/* @__PURE__ */ (() => (' });
            for (const {
              callee,
              arguments: [, , answer],
            } of calls)
              if (
                answer !== undefined &&
                callee.type === 'Identifier' &&
                /^(procedure|stream)$/.test(callee.name)
              )
                edits.push({ at: answer.start, until: answer.end, text: 'undefined' });
            edits.push({ at: init.end, until: init.end, text: '))()' });
          }
        }
        if (edits.length === 0) return null;
        let done = 0;
        const parts = edits.map(({ at, until, text }) => {
          const part = code.slice(done, at) + text;
          done = until;
          return part;
        });
        return { code: parts.join('') + code.slice(done), map: null };
      },
    },
  };
}

/**
 * The calls that are carried out when a value is made, from left to right; none of those in functions.
 *
 * @param {unknown} node
 * @returns {import('oxc-parser').CallExpression[]}
 */
function callsIn(node) {
  if (Array.isArray(node)) return node.flatMap(callsIn);
  if (typeof node !== 'object' || node === null || !('type' in node)) return [];
  if (/Function/.test(String(node.type))) return [];
  const inside = Object.values(node).flatMap(callsIn);
  return node.type === 'CallExpression' ? [/** @type {any} */ (node), ...inside] : inside;
}
