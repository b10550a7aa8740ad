import { invalid } from './mlflow-error.ts';
import { jsonText, typeName } from './python-text.ts';

/**
 * The shapes of MLflow's requests. They come as JSON in the manner of protobuf: a field may be spelt `run_id` or `runId`,
 * an integer may be a string, null means absent, and unknown fields are ignored.
 */

/** A value that is not of the field's type: what it is, and where, put together on the way out. */
class Mismatch extends Error {
  readonly value: unknown;
  path = '';

  constructor(value: unknown) {
    super('A value does not fit.');
    this.value = value;
  }

  /** Says that the value lies below a field, or an item `[0]`. */
  below(name: string): this {
    this.path = this.path === '' || this.path.startsWith('[') ? name + this.path : `${name}.${this.path}`;
    return this;
  }
}

export interface Type<T> {
  /** Turns JSON into the value. @throws {Mismatch} */
  read(json: unknown): T;
  /** MLflow's own, looser check: decides whether the error names the field's type. */
  accepts(json: unknown): boolean;
  readonly isList?: boolean;
  readonly isBoolean?: boolean;
}

const type = <T>(read: (json: unknown) => T | undefined, accepts: (json: unknown) => boolean): Type<T> => ({
  read(json) {
    const value = read(json);
    if (value === undefined) throw new Mismatch(json);
    return value;
  },
  accepts,
});

/** Half of a surrogate pair has no UTF-8, so it could not be kept. */
export const string: Type<string> = type(
  (json) => (typeof json === 'string' && json.isWellFormed() ? json : undefined),
  (json) => typeof json === 'string',
);

/** A 64-bit integer; beyond 2^53 it is refused, since it could not be kept exactly. */
export const int64: Type<number> = type(
  (json) => {
    const number = typeof json === 'string' && /^[+-]?\d+$/.test(json) ? Number(json) : json;
    return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
  },
  (json) => typeof json === 'number' || typeof json === 'boolean' || /^\s*[+-]?\d+\s*$/.test(String(json)),
);

export const int32: Type<number> = {
  ...int64,
  read(json) {
    const value = int64.read(json);
    if (Math.abs(value) > 0x7fffffff) throw new Mismatch(json);
    return value;
  },
};

const specialDoubles: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

export const double: Type<number> = type(
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
  ...type(
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
  type((json) => {
    const entries = Object.entries(names) as [Name, number][];
    const number = typeof json === 'string' && /^\d+$/.test(json) ? Number(json) : json;
    return entries.find(([name, own]) => name === json || own === number)?.[0];
  }, accepts);

export const list = <T>(item: Type<T>): Type<T[]> =>
  folded<T[]>(
    () => [],
    (items, json) => items.push(item.read(json)),
  );

/** A list that is read item by item into something of its own. */
export const folded = <T>(empty: () => T, add: (into: T, json: unknown) => void): Type<T> => ({
  read(json) {
    if (!Array.isArray(json)) throw new Mismatch(json);
    const into = empty();
    let index = 0;
    try {
      for (; index < json.length; index++) add(into, json[index]);
    } catch (error) {
      throw error instanceof Mismatch ? error.below(`[${index}]`) : error;
    }
    return into;
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
  const known = spelled(fields);
  const accepts = (json: unknown): json is Record<string, unknown> =>
    typeof json === 'object' && json !== null && !Array.isArray(json);
  return {
    read(json) {
      if (!accepts(json)) throw new Mismatch(json);
      return readFields(known, json) as Read<F>;
    },
    accepts,
  };
}

/** A field and its two spellings. */
interface Field {
  readonly name: string;
  readonly camel: string;
  readonly type: Type<unknown>;
}

const spelled = (fields: Fields): Field[] =>
  Object.entries(fields).map(([name, type]) => ({ name, camel: camelOf(name), type }));

const camelOf = (name: string): string =>
  name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function readFields(fields: readonly Field[], json: Record<string, unknown>): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const field of fields) {
    const value = rawField(json, field);
    if (value === undefined || value === null) continue;
    try {
      read[field.name] = field.type.read(value);
    } catch (error) {
      throw error instanceof Mismatch ? error.below(field.name) : error;
    }
  }
  return read;
}

function rawField(json: Record<string, unknown>, { name, camel }: Omit<Field, 'type'>): unknown {
  const isThere = Object.hasOwn(json, name);
  if (camel === name || !Object.hasOwn(json, camel)) return isThere ? json[name] : undefined;
  if (isThere) throw invalid(`Request specifies both '${name}' and '${camel}'; provide only one of them.`);
  return json[camel];
}

/** More than a type that a field must fulfil; returns what is wrong, or null. Gets the raw JSON. */
export type Check = (json: unknown) => string | null;

export interface RequestShape<F extends Fields, R extends keyof F> {
  readonly fields: F;
  readonly spelled: readonly Field[];
  readonly required: readonly R[];
  readonly checks?: { readonly [K in keyof F]?: Check };
}

/** What a request holds: its required fields for certain. */
export type RequestOf<F extends Fields, R extends keyof F> = Read<F> & Required<Pick<Read<F>, R>>;

export const shape = <F extends Fields, const R extends keyof F & string = never>(
  fields: F,
  required: readonly R[] = [],
  checks: { readonly [K in keyof F]?: Check } = {},
): RequestShape<F, R> => ({ fields, spelled: spelled(fields), required, checks });

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
    read = readFields(request.spelled, json) as Read<F>;
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    mismatch = error;
  }
  for (const spelling of request.spelled) {
    const { name, type: field } = spelling;
    const raw = rawField(json, spelling) ?? (name === 'run_id' ? json['run_uuid'] : undefined);
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
