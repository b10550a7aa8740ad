import { z } from 'zod';
import { benchtopSchema } from './stage-schema.ts';

/** The JSON Schema of benchtop.yaml, for editors: the schema that it is read with. */
export function benchtopJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(benchtopSchema.file, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
  });
  return {
    $schema,
    title: 'benchtop.yaml',
    description: 'A pipeline of Benchtop (docs/pipelines.md).',
    ...schema,
  };
}
