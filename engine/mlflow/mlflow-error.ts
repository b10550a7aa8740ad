import { BenchtopError } from '../../contract/index.ts';

/** MLflow's error codes in use here, with their HTTP status and the classification that its newest server adds. */
const codes = {
  INVALID_PARAMETER_VALUE: { status: 400, errorClass: 'INVALID_PARAMETER_VALUE', sqlState: 'KAM00' },
  RESOURCE_ALREADY_EXISTS: { status: 400, errorClass: 'RESOURCE_ALREADY_EXISTS', sqlState: 'KAM00' },
  RESOURCE_DOES_NOT_EXIST: { status: 404, errorClass: 'RESOURCE_NOT_FOUND', sqlState: 'KAM00' },
  ENDPOINT_NOT_FOUND: { status: 404, errorClass: 'RESOURCE_NOT_FOUND', sqlState: 'KAM00' },
  PERMISSION_DENIED: { status: 403, errorClass: 'PERMISSION_DENIED', sqlState: 'KAM00' },
  REQUEST_TOO_LARGE: { status: 413 },
  // A status that the client does not retry: waiting frees no space.
  RESOURCE_EXHAUSTED: { status: 507 },
  NOT_IMPLEMENTED: { status: 501 },
  INTERNAL_ERROR: { status: 500, errorClass: 'CLIENT_INTERNAL_ERROR', sqlState: 'XXM00' },
} as const;

export type MlflowErrorCode = keyof typeof codes;

/** What MLflow's newest server says of an error beside its code. */
interface Classification {
  readonly errorClass: string;
  readonly sqlState: string;
}

/** An answer that refuses, in the words of MLflow's own server where it has some. */
export class MlflowError extends Error {
  readonly code: MlflowErrorCode;
  /** A classification of its own, where it is not the code's. */
  readonly kind: Classification | undefined;

  constructor(
    code: MlflowErrorCode,
    message: string,
    { kind, ...options }: { cause?: unknown; kind?: Classification } = {},
  ) {
    super(message, options);
    this.name = 'MlflowError';
    this.code = code;
    this.kind = kind;
  }

  toResponse(): Response {
    const { status, ...classification }: { status: number; errorClass?: string; sqlState?: string } = {
      ...codes[this.code],
      ...this.kind,
    };
    return Response.json(
      {
        error_code: this.code,
        message: this.message,
        ...(classification.sqlState === undefined ? {} : { sqlstate: classification.sqlState }),
        ...(classification.errorClass === undefined ? {} : { error_class: classification.errorClass }),
      },
      { status },
    );
  }
}

export const invalid = (message: string, kind?: Classification): MlflowError =>
  new MlflowError('INVALID_PARAMETER_VALUE', message, kind === undefined ? {} : { kind });
export const missing = (message: string): MlflowError => new MlflowError('RESOURCE_DOES_NOT_EXIST', message);

/** Turns a failure of the store or the objects into one of MLflow's; null for what nobody expected. */
export function mlflowErrorOf(thrown: unknown): MlflowError | null {
  if (thrown instanceof MlflowError) return thrown;
  if (!(thrown instanceof BenchtopError)) return null;
  const text = [thrown.message, thrown.evidence, thrown.next].filter((part) => part !== undefined).join(' ');
  const options = { cause: thrown };
  switch (thrown.code) {
    case 'disk-full':
      return new MlflowError('RESOURCE_EXHAUSTED', text, options);
    case 'store-read-only':
    case 'not-allowed':
      return new MlflowError('PERMISSION_DENIED', text, options);
    case 'not-found':
      return new MlflowError('RESOURCE_DOES_NOT_EXIST', text, options);
    case 'invalid-input':
      return new MlflowError('INVALID_PARAMETER_VALUE', text, options);
    case 'too-large':
    case 'too-many':
      return new MlflowError('REQUEST_TOO_LARGE', text, options);
    default:
      return new MlflowError('INTERNAL_ERROR', text, options);
  }
}
