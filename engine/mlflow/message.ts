import { invalid } from './mlflow-error.ts';
import { jsonText, typeName } from './python-text.ts';

/**
 * The shapes of MLflow's requests. They come as JSON in the manner of protobuf: a field may be spelt `run_id` or `runId`,
 * an integer may be a string, null means absent, and unknown fields are ignored.
 */

/** A value that is not of the field's type: where, and what it is. */
class Mismatch extends Error {
  readonly path: string;
  readonly value: unknown;

  constructor(path: string, value: unknown) {
    super(`${path} does not fit`);
    this.path = path;
    this.value = value;
  }
}

export interface Type<T> {
  /** Turns JSON into the value. @throws {Mismatch} */
  read(json: unknown, path: string): T;
  /** MLflow's own, looser check: decides whether the error names the field's type. */
  accepts(json: unknown): boolean;
  readonly isList?: boolean;
  readonly isBoolean?: boolean;
}

export const fieldType = <T>(
  read: (json: unknown) => T | undefined,
  accepts: (json: unknown) => boolean,
): Type<T> => ({
  read(json, path) {
    const value = read(json);
    if (value === undefined) throw new Mismatch(path, json);
    return value;
  },
  accepts,
});

export const string: Type<string> = fieldType(
  (json) => (typeof json === 'string' ? json : undefined),
  (json) => typeof json === 'string',
);

/** A 64-bit integer; beyond 2^53 it is refused, since it could not be kept exactly. */
export const int64: Type<number> = fieldType(
  (json) => {
    const number = typeof json === 'string' && /^[+-]?\d+$/.test(json) ? Number(json) : json;
    return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
  },
  (json) => typeof json === 'number' || typeof json === 'boolean' || /^\s*[+-]?\d+\s*$/.test(String(json)),
);

export const int32: Type<number> = {
  ...int64,
  read(json, path) {
    const value = int64.read(json, path);
    if (Math.abs(value) > 0x7fffffff) throw new Mismatch(path, json);
    return value;
  },
};

const specialDoubles: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

export const double: Type<number> = fieldType(
  (json) => {
    if (typeof json === 'number') return json;
    if (typeof json !== 'string') return undefined;
    if (Object.hasOwn(specialDoubles, json)) return specialDoubles[json];
    const number = Number(json);
    return json.trim() !== '' && Number.isFinite(number) ? number : undefined;
  },
  (json) => typeof json === 'number' || (typeof json === 'string' && !Number.isNaN(Number(json))),
);

export const boolean: Type<boolean> = {
  ...fieldType(
    (json) => (typeof json === 'boolean' ? json : undefined),
    (json) => typeof json === 'boolean',
  ),
  isBoolean: true,
};

/** An enumeration, by name or by number. `accepts` is what MLflow checks before: some enumerations as text, some as integers. */
export const choice = <Name extends string>(
  names: Readonly<Record<Name, number>>,
  accepts: Type<unknown>['accepts'],
): Type<Name> =>
  fieldType((json) => {
    const entries = Object.entries(names) as [Name, number][];
    const number = typeof json === 'string' && /^\d+$/.test(json) ? Number(json) : json;
    return entries.find(([name, own]) => name === json || own === number)?.[0];
  }, accepts);

export const list = <T>(item: Type<T>): Type<T[]> => ({
  read(json, path) {
    if (!Array.isArray(json)) throw new Mismatch(path, json);
    return json.map((each, index) => item.read(each, `${path}[${index}]`));
  },
  accepts: Array.isArray,
  isList: true,
});

/** As `list(string)`, but MLflow also checks the items' type. */
export const strings: Type<string[]> = {
  ...list(string),
  accepts: (json) => Array.isArray(json) && json.every((item) => typeof item === 'string'),
};

type Fields = Readonly<Record<string, Type<unknown>>>;
export type Read<F extends Fields> = { [K in keyof F]?: F[K] extends Type<infer T> ? T : never };

/** An object inside a request. */
export function message<F extends Fields>(fields: F): Type<Read<F>> {
  return {
    read(json, path) {
      if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Mismatch(path, json);
      return readFields(fields, json as Record<string, unknown>, path);
    },
    accepts: (json) => typeof json === 'object' && json !== null && !Array.isArray(json),
  };
}

function readFields<F extends Fields>(fields: F, json: Record<string, unknown>, path: string): Read<F> {
  const read: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = rawField(json, name);
    if (value !== undefined && value !== null)
      read[name] = field.read(value, path === '' ? name : `${path}.${name}`);
  }
  return read as Read<F>;
}

function rawField(json: Record<string, unknown>, name: string): unknown {
  const camel = name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  if (camel !== name && Object.hasOwn(json, name) && Object.hasOwn(json, camel))
    throw invalid(`Request specifies both '${name}' and '${camel}'; provide only one of them.`);
  if (Object.hasOwn(json, name)) return json[name];
  return Object.hasOwn(json, camel) ? json[camel] : undefined;
}

/** More than a type that a field must fulfil; returns what is wrong, or null. Gets the raw JSON. */
export type Check = (json: unknown) => string | null;

export interface RequestShape<F extends Fields, R extends keyof F> {
  readonly fields: F;
  readonly required: readonly R[];
  readonly checks?: { readonly [K in keyof F]?: Check };
}

/** What a request holds: its required fields for certain. */
export type RequestOf<F extends Fields, R extends keyof F> = Read<F> & Required<Pick<Read<F>, R>>;

export const shape = <F extends Fields, const R extends keyof F & string = never>(
  fields: F,
  required: readonly R[] = [],
  checks: { readonly [K in keyof F]?: Check } = {},
): RequestShape<F, R> => ({ fields, required, checks });

const hint = ' See the API docs for more information about request parameters.';
const notGiven = (path: string) => `Missing value for required parameter '${path}'.`;
const misfit = (path: string, value: unknown) =>
  `Invalid value ${jsonText(value)} for parameter '${path}' supplied:  Hint: Value was of type '${typeName(value)}'.`;

/**
 * Reads a request's JSON by its shape, and refuses with MLflow's own texts. MLflow takes a field that does not fit for
 * absent where no check names it; here that is refused as well, so that nothing is stored that was not sent.
 */
export function readRequest<F extends Fields, R extends keyof F & string>(
  request: RequestShape<F, R>,
  json: Record<string, unknown>,
): RequestOf<F, R> {
  let mismatch: Mismatch | null = null;
  let read: Read<F> = {};
  try {
    read = readFields(request.fields, json, '');
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    mismatch = error;
  }
  for (const [name, field] of Object.entries(request.fields)) {
    const raw = rawField(json, name) ?? (name === 'run_id' ? json['run_uuid'] : undefined);
    const isRequired = (request.required as readonly string[]).includes(name);
    if (isRequired && (raw === undefined || raw === null || raw === '')) throw invalid(notGiven(name) + hint);
    if (raw === undefined || raw === null) continue;
    if (mismatch !== null && !field.accepts(raw)) throw invalid(misfit(name, raw) + hint);
    const problem = request.checks?.[name]?.(raw) ?? null;
    if (problem !== null) throw invalid((problem === '' ? misfit(name, raw) : problem) + hint);
  }
  if (mismatch !== null) throw invalid(misfit(mismatch.path, mismatch.value) + hint);
  return read as RequestOf<F, R>;
}

/** Every item of a list has these fields; names the first that has not. */
export const itemsHave =
  (list: string, ...names: readonly string[]): Check =>
  (json) => {
    if (!Array.isArray(json)) return null;
    for (const [index, item] of json.entries()) {
      for (const name of names) {
        const value =
          typeof item === 'object' && item !== null ? (item as Record<string, unknown>)[name] : undefined;
        if (value === undefined || value === null || value === '')
          return notGiven(`${list}[${index}].${name}`);
      }
    }
    return null;
  };

export const atMost =
  (limit: number): Check =>
  (json) =>
    Number(json) > limit ? '' : null;
