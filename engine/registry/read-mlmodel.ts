import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { BenchtopError, type ModelSignature, type SignatureField } from '../../contract/index.ts';

/** What an MLmodel file says (MLflow's `mlflow/models/model.py`). */
export interface Mlmodel {
  readonly flavors: readonly string[];
  readonly mlflowVersion: string | null;
  readonly signature: ModelSignature | null;
}

const document = z.looseObject({
  flavors: z.record(z.string(), z.unknown()).default({}),
  mlflow_version: z.string().optional(),
  signature: z
    .looseObject({
      inputs: z.string().nullish(),
      outputs: z.string().nullish(),
      params: z.string().nullish(),
    })
    .nullish(),
});

interface ColumnType {
  readonly type: string;
  readonly items?: ColumnType | undefined;
  readonly values?: ColumnType | undefined;
  readonly properties?: Readonly<Record<string, ColumnType & { readonly required?: boolean | undefined }>>;
}
const columnType: z.ZodType<ColumnType> = z.lazy(() =>
  z.looseObject({
    type: z.string(),
    items: columnType.optional(),
    values: columnType.optional(),
    properties: z.record(z.string(), columnType).optional(),
  }),
) as z.ZodType<ColumnType>;

const field = z.looseObject({
  name: z.string().optional(),
  required: z.boolean().optional(),
  optional: z.boolean().optional(),
  'tensor-spec': z.looseObject({ dtype: z.string(), shape: z.array(z.number()) }).optional(),
});
const param = z.looseObject({
  name: z.string(),
  type: z.string(),
  default: z.json().optional(),
  shape: z.array(z.number()).nullish(),
});

/**
 * Reads an MLmodel file. Nothing of the model itself is opened.
 * @throws {BenchtopError} `invalid-input` with what is wrong with it.
 */
export function readMlmodel(text: string): Mlmodel {
  try {
    const { flavors, mlflow_version, signature } = document.parse(parseYaml(text));
    return {
      flavors: Object.keys(flavors),
      mlflowVersion: mlflow_version ?? null,
      signature:
        signature === null || signature === undefined
          ? null
          : {
              inputs: fieldsOf(signature.inputs),
              outputs: fieldsOf(signature.outputs),
              params: paramsOf(signature.params),
            },
    };
  } catch (error) {
    throw new BenchtopError(
      {
        code: 'invalid-input',
        what: 'The MLmodel file could not be understood.',
        evidence:
          error instanceof z.ZodError
            ? z.prettifyError(error)
            : error instanceof Error
              ? error.message
              : String(error),
      },
      { cause: error },
    );
  }
}

function fieldsOf(json: string | null | undefined): SignatureField[] {
  if (json === null || json === undefined) return [];
  return z.array(z.unknown()).parse(JSON.parse(json)).map(fieldOf);
}

function fieldOf(raw: unknown, at: number): SignatureField {
  const { name, required, optional, 'tensor-spec': tensor } = field.parse(raw);
  return {
    name: name ?? String(at),
    type:
      tensor === undefined
        ? typeText(columnType.parse(raw))
        : `tensor(${tensor.dtype}, [${tensor.shape.join(', ')}])`,
    // `optional` is what MLflow wrote before 2.7.
    isRequired: required ?? optional !== true,
    default: null,
  };
}

function paramsOf(json: string | null | undefined): SignatureField[] {
  if (json === null || json === undefined) return [];
  return z
    .array(param)
    .parse(JSON.parse(json))
    .map(({ name, type, default: given, shape }) => ({
      name,
      type: shape === null || shape === undefined ? type : `${type}[${shape.join(', ')}]`,
      isRequired: false,
      default: given === undefined ? null : JSON.stringify(given),
    }));
}

function typeText({ type, items, values, properties }: ColumnType): string {
  if (type === 'array' && items !== undefined) return `array(${typeText(items)})`;
  if (type === 'map' && values !== undefined) return `map(${typeText(values)})`;
  if (type === 'object' && properties !== undefined) {
    const parts = Object.entries(properties)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, of]) => `${name}${of.required === false ? '?' : ''}: ${typeText(of)}`);
    return `object(${parts.join(', ')})`;
  }
  return type;
}
