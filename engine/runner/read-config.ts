import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';

/**
 * The content of a configuration by the name of its file: TOML for `.toml`, else YAML, of which JSON is a part. Throws on bad syntax; a tag that only another
 * language knows (`!!python/tuple`) is passed over.
 */
export function readConfig(fileName: string, text: string): unknown {
  return /\.toml$/i.test(fileName) ? parseToml(text) : parseYaml(text, { logLevel: 'error' });
}
