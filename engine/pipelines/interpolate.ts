import { valueText } from '../config-values.ts';
import { valueAt } from './params-file.ts';

/**
 * Puts values into `${name}` wherever text stands in a stage, however deep (dvc.yaml templating; `\${` stays as written).
 * Names without a value are returned, not replaced.
 */
export function interpolate(node: unknown, values: unknown): { node: unknown; unknownNames: string[] } {
  const unknownNames: string[] = [];
  const fill = (text: string): string =>
    text.replaceAll(/(\\?)\$\{\s*([^}]+?)\s*\}/g, (whole: string, escape: string, name: string) => {
      if (escape !== '') return whole.slice(1);
      const value = valueAt(values, name.replaceAll(/\[(\w+)\]/g, '.$1'));
      if (value === undefined) unknownNames.push(name);
      return value === undefined ? whole : valueText(value);
    });
  const walk = (part: unknown): unknown => {
    if (typeof part === 'string') return fill(part);
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part === 'object' && part !== null)
      return Object.fromEntries(Object.entries(part).map(([key, value]) => [fill(key), walk(value)]));
    return part;
  };
  return { node: walk(node), unknownNames };
}
