/**
 * Writes what is beyond ASCII as escapes. V8 keeps a text of code with one sign beyond Latin-1 in two bytes for each character, and both
 * reading and compiling it take longer: here that is one sign in a thousand, in messages and comments.
 *
 * @returns {import('rolldown').Plugin}
 */
export function oneByteCode() {
  return {
    name: 'one-byte-code',
    // Not while chunks are rendered: after that, strings are written anew.
    generateBundle(_options, bundle) {
      for (const output of Object.values(bundle)) {
        if (output.type !== 'chunk') continue;
        const raw = /String\.raw`[^`]*[^\0-\u007f][^`]*`/.exec(output.code);
        if (raw !== null) this.error(`${output.fileName}: ${raw[0]} would be another text in escapes`);
        output.code = output.code.replaceAll(
          /[^\0-\u007f]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
      }
    },
  };
}
