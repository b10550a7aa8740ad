import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

const cardMetadata = z.looseObject({
  base_model: z.union([z.string(), z.array(z.string()).nonempty()]).optional(),
  license: z.string().optional(),
});
type CardMetadata = z.infer<typeof cardMetadata>;

/** What the YAML of a model card tells of its model; nothing where it is none. */
export const cardMetadataOf = (yaml: string | undefined): CardMetadata | undefined =>
  cardMetadata.safeParse(valueIn(yaml)).data;

/** The same of a whole card, whose YAML stands between its first two lines of dashes. */
export const cardMetadataIn = (card: string | undefined): CardMetadata | undefined =>
  card === undefined ? undefined : cardMetadataOf(/^---\r?\n(.*?)\r?\n---/s.exec(card)?.[1]);

/** YAML, of which JSON is a part. What cannot be read tells nothing. */
export function valueIn(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return parseYaml(text);
  } catch {
    return undefined; // a file of somebody else, that tells nothing then
  }
}
