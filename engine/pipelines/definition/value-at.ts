/** The value at a dotted path, such as `train.lr` or `layers.0.size`; undefined where there is none. */
export function valueAt(content: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((node, key) => {
    if (typeof node !== 'object' || node === null) return undefined;
    return Object.hasOwn(node, key) ? (node as Record<string, unknown>)[key] : undefined;
  }, content);
}
