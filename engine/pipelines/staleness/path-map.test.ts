import fc from 'fast-check';
import { expect, test } from 'vitest';
import { covers } from './path-contents.ts';
import { createPathMap } from './path-map.ts';

const part = fc.constantFrom('a', 'b', 'ab');
const path = fc
  .tuple(fc.boolean(), fc.array(part, { maxLength: 3 }))
  .map(([isAbsolute, parts]) => (isAbsolute ? `/${parts.join('/')}` : parts.join('/')));
const step = fc.tuple(fc.constantFrom('set', 'delete', 'forget'), path);

test('a path map knows, finds above and forgets around what a list of all paths would', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), path, (steps, asked) => {
      const map = createPathMap<number>();
      const list = new Map<string, number>();
      for (const [at, [what, where]] of steps.entries()) {
        if (what === 'set') {
          map.set(where, at);
          list.set(where, at);
        } else if (what === 'delete') {
          map.delete(where);
          list.delete(where);
        } else {
          map.forgetAround(where);
          for (const other of list.keys())
            if (covers(where, other) || covers(other, where)) list.delete(other);
        }
      }
      expect(map.get(asked)).toBe(list.get(asked));
      const [above] = [...list]
        .filter(([folder]) => covers(folder, asked))
        .toSorted(([one], [other]) => one.length - other.length);
      expect(map.above(asked)).toEqual(above === undefined ? null : { path: above[0], value: above[1] });
    }),
  );
});
