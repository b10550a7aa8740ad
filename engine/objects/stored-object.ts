export interface StoredObject {
  /** sha256 of the content, hex. */
  readonly objectId: string;
  readonly sizeBytes: number;
}
