/** Things by path, found by what lies above and below a path. */
export interface PathTree<Item> {
  add(path: string, item: Item): void;
  /** What was added at the path itself, at a folder that holds it, or below it. */
  touching(path: string): Item[];
}

interface Branch<Item> {
  readonly children: Map<string, Branch<Item>>;
  readonly items: Item[];
}

export function createPathTree<Item>(): PathTree<Item> {
  const branch = (): Branch<Item> => ({ children: new Map(), items: [] });
  const root = branch();
  const partsOf = (path: string): string[] => (path === '.' ? [] : path.split('/'));
  const below = (from: Branch<Item>, into: Item[]): void => {
    into.push(...from.items);
    for (const child of from.children.values()) below(child, into);
  };
  return {
    add(path, item) {
      let at = root;
      for (const part of partsOf(path)) {
        const next = at.children.get(part) ?? branch();
        at.children.set(part, next);
        at = next;
      }
      at.items.push(item);
    },
    touching(path) {
      const found: Item[] = [];
      let at = root;
      for (const part of partsOf(path)) {
        found.push(...at.items);
        const next = at.children.get(part);
        if (next === undefined) return found;
        at = next;
      }
      below(at, found);
      return found;
    },
  };
}
