import type { z } from 'zod';

/** A question with one answer. */
export interface Procedure<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: 'procedure';
  readonly about: string;
  readonly input: I;
  /** Only its type is there. */
  readonly output?: O;
}

/** A question whose answer keeps coming; a broken link resumes after the last cursor seen. */
export interface Stream<I extends z.ZodType = z.ZodType, E extends z.ZodType = z.ZodType> {
  readonly kind: 'stream';
  readonly about: string;
  readonly input: I;
  /** Only its type is there. */
  readonly event?: E;
}

export type Contract = Readonly<Record<string, Readonly<Record<string, Procedure | Stream>>>>;

/** What comes out is the caller's to trust: its schema is given for its type, and a bundle has none of it. */
export function procedure<I extends z.ZodType, O extends z.ZodType>(
  about: string,
  input: I,
  _output: O,
): Procedure<I, O> {
  return { kind: 'procedure', about, input };
}

/** As `procedure`. */
export function stream<I extends z.ZodType, E extends z.ZodType>(
  about: string,
  input: I,
  _event: E,
): Stream<I, E> {
  return { kind: 'stream', about, input };
}

/** What the caller holds: rooms of functions. A stream is an async iterable; leaving its loop cancels it. */
export type Client<C extends Contract> = {
  readonly [Room in keyof C]: {
    readonly [Name in keyof C[Room]]: C[Room][Name] extends Procedure<infer I, infer O>
      ? (input: z.input<I>, options?: CallOptions) => Promise<z.output<O>>
      : C[Room][Name] extends Stream<infer I, infer E>
        ? (input: z.input<I>, options?: CallOptions) => AsyncIterable<z.output<E>>
        : never;
  };
};

export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** What a stream's handler yields: the event, and the cursor that resumes right after it. */
export interface StreamItem<E> {
  readonly cursor: string;
  readonly event: E;
}

/** What the answering side implements. */
export type Handlers<C extends Contract> = {
  readonly [Room in keyof C]: {
    readonly [Name in keyof C[Room]]: C[Room][Name] extends Procedure<infer I, infer O>
      ? (input: z.output<I>, call: { signal: AbortSignal }) => Promise<z.input<O>> | z.input<O>
      : C[Room][Name] extends Stream<infer I, infer E>
        ? (
            input: z.output<I>,
            call: { signal: AbortSignal; after: string | undefined },
          ) => AsyncIterable<StreamItem<z.input<E>>>
        : never;
  };
};

/** A share of what is answered: some rooms, and who answers them. */
export interface Answered<C extends Contract> {
  readonly contract: C;
  readonly handlers: Handlers<C>;
}
