/** Values by plain path, of which those above and below a path are found without looking at any other. */
export interface PathMap<Value> {
  get(path: string): Value | undefined;
  set(path: string, value: Value): void;
  delete(path: string): void;
  /** The outermost path with a value that is this one or a folder above it. */
  above(path: string): { readonly path: string; readonly value: Value } | null;
  /** Forgets what is kept of a path, of the folders above it and of what lies below it. */
  forgetAround(path: string): void;
}

interface Place<Value> {
  value: Value | undefined;
  readonly below: Map<string, Place<Value>>;
}

/** Cost of each call: O(parts of the path), and what is forgotten. */
export function createPathMap<Value>(): PathMap<Value> {
  const root: Place<Value> = { value: undefined, below: new Map() };
  /** The project itself is ``, and above all. */
  const partsOf = (path: string) => (path === '' ? [] : path.split('/'));

  function placeOf(path: string): Place<Value> | undefined {
    let place: Place<Value> | undefined = root;
    for (const part of partsOf(path)) place = place?.below.get(part);
    return place;
  }

  return {
    get: (path) => placeOf(path)?.value,
    set(path, value) {
      let place = root;
      for (const part of partsOf(path)) {
        const next: Place<Value> = place.below.get(part) ?? { value: undefined, below: new Map() };
        place.below.set(part, next);
        place = next;
      }
      place.value = value;
    },
    delete(path) {
      const place = placeOf(path);
      if (place !== undefined) place.value = undefined;
    },
    above(path) {
      const parts = partsOf(path);
      let place: Place<Value> | undefined = root;
      for (let count = 0; place !== undefined; place = place.below.get(parts[count++] ?? '')) {
        if (place.value !== undefined) return { path: parts.slice(0, count).join('/'), value: place.value };
        if (count === parts.length) return null;
      }
      return null;
    },
    forgetAround(path) {
      const parts = partsOf(path);
      let place = root;
      for (const part of parts.slice(0, -1)) {
        place.value = undefined;
        const next = place.below.get(part);
        if (next === undefined) return;
        place = next;
      }
      place.value = undefined;
      const last = parts.at(-1);
      if (last === undefined) place.below.clear();
      else place.below.delete(last);
    },
  };
}
