/** A set of numbers of which the first, by an order of its own, is at hand. Adding and taking cost O(log n). */
export interface FirstHeap {
  add(item: number): void;
  /** Undefined where it is empty. */
  first(): number | undefined;
  takeFirst(): number | undefined;
}

/** @param isBefore a strict order in which no two items are equal. */
export function createFirstHeap(isBefore: (one: number, other: number) => boolean): FirstHeap {
  const items: number[] = [];
  const at = (index: number) => items[index] as number;

  function swap(one: number, other: number): void {
    const item = at(one);
    items[one] = at(other);
    items[other] = item;
  }

  return {
    add(item) {
      items.push(item);
      for (let index = items.length - 1; index > 0;) {
        const parent = (index - 1) >> 1;
        if (!isBefore(at(index), at(parent))) return;
        swap(index, parent);
        index = parent;
      }
    },
    first: () => items[0],
    takeFirst() {
      const taken = items[0];
      const last = items.pop();
      if (last === undefined || items.length === 0) return taken;
      items[0] = last;
      for (let index = 0; ;) {
        let least = index;
        for (const child of [2 * index + 1, 2 * index + 2])
          if (child < items.length && isBefore(at(child), at(least))) least = child;
        if (least === index) return taken;
        swap(index, least);
        index = least;
      }
    },
  };
}
