/** Memory of a WebAssembly module that threads share. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}

interface WebAssemblyNames {
  Memory: new (pages: { initial: number; maximum: number; shared: true }) => SharedMemory;
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (
    module: object,
    imports?: Readonly<Record<string, Readonly<Record<string, SharedMemory>>>>,
  ) => { exports: Readonly<Record<string, unknown>> };
}

/** The little of WebAssembly that is used: every host has it, but the types of the language and of Node have not. */
export const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyNames };
