/** What a classifier said of rows, class by class; classes are numbers from 0, of two the one that is looked for is 1. */
export interface ClassifiedRows {
  readonly rowCount: number;
  readonly classCount: number;
  /** The score of each class, as it was told. With two classes that of the second alone, as the only one. */
  readonly scores: readonly Float64Array[];
  readonly predictions: Uint32Array;
  /** `unknown` where a row has none. */
  readonly labels: Uint32Array;
}

/** The label of a row that has none. */
export const unknownLabel = 0xffff_ffff;

/** The classes that are looked for: the second of two, each of several. */
export const lookedFor = ({ classCount, scores }: Pick<ClassifiedRows, 'classCount' | 'scores'>): number[] =>
  scores.length === 1 ? [1] : Array.from({ length: classCount }, (_, of) => of);

/** Some of the rows, in their order. */
export function rowsAt(rows: ClassifiedRows, places: Uint32Array): ClassifiedRows {
  return {
    ...rows,
    rowCount: places.length,
    scores: rows.scores.map((each) => Float64Array.from(places, (row) => each[row] ?? Number.NaN)),
    predictions: Uint32Array.from(places, (row) => rows.predictions[row] ?? 0),
    labels: Uint32Array.from(places, (row) => rows.labels[row] ?? unknownLabel),
  };
}

/** Those from one place up to another. */
export const rowsBetween = (rows: ClassifiedRows, from: number, to: number): ClassifiedRows => ({
  ...rows,
  rowCount: to - from,
  scores: rows.scores.map((each) => each.subarray(from, to)),
  predictions: rows.predictions.subarray(from, to),
  labels: rows.labels.subarray(from, to),
});

/** 1 for rows of a class, 0 for the others. */
export const isOfClass = (classes: Uint32Array, of: number): Uint8Array =>
  Uint8Array.from(classes, (each) => Number(each === of));
