import { z } from 'zod';
import { driftModes, driftTests } from './word-lists.ts';

/** A test of one column that may be asked for in place of the usual one. */
export const driftTest = z.enum(driftTests);
export type DriftTest = z.infer<typeof driftTest>;

/** Whose numbers and verdicts a report has. */
export const driftMode = z.enum(driftModes);
export type DriftMode = z.infer<typeof driftMode>;

const share = z.number();

/** What another tool says of a column by its defaults. */
const peerFinding = z.object({
  /** In its own words. */
  method: z.string(),
  /** A probability or a distance; where it looks at chunks the largest distance. */
  value: z.number(),
  threshold: z.number(),
  isDrifted: z.boolean(),
  /** Rows from and to, from 0; null where it looks at all rows together. */
  chunks: z
    .array(
      z.object({ from: z.number(), to: z.number(), value: z.number().nullable(), isDrifted: z.boolean() }),
    )
    .nullable(),
});
export type PeerFinding = z.infer<typeof peerFinding>;

/** One column of one of the two tables. */
const columnSide = z.object({
  type: z.string(),
  rowCount: z.number(),
  /** Empty cells, and NaN. */
  missingCount: z.number(),
});

/** How often values fall into each bin, or are each category, on both sides. */
const driftBins = z.object({
  /** Categories by name; of numbers the upper ends of all bins but the last. */
  labels: z.array(z.string()),
  reference: z.array(z.number()),
  current: z.array(z.number()),
});

export const driftColumn = z.object({
  name: z.string(),
  /** What a column is compared as; `none` where it is not. */
  kind: z.enum(['numbers', 'categories', 'text', 'none']),
  reference: columnSide,
  current: columnSide,
  verdict: z.enum(['drift', 'no-drift', 'not-enough-data', 'not-compared']),
  /** In a sentence: what changed most, or why there is no verdict. */
  about: z.string(),
  /** Null where nothing was tested. */
  test: z
    .object({
      /** `kolmogorov-smirnov`, … ; with `+missing` where the share of empty cells was tested as well. */
      name: z.string(),
      statistic: z.number(),
      p: share,
      /** By Benjamini and Hochberg over the columns; drift is told up to 0.05. */
      adjustedP: share,
    })
    .nullable(),
  /** By how much; null where nothing was compared. */
  effect: z
    .object({
      /** The share of rows that moved: the largest difference of a share. */
      moved: share,
      /** The share that would have moved on average with no drift, for so many rows and categories. */
      byChance: share,
      /** What moved less that: the root of the difference of their squares. */
      beyond: share,
      size: z.enum(['negligible', 'small', 'medium', 'large']),
      /** A smaller shift could not have been told by chance, with so many rows. */
      detectable: share,
    })
    .nullable(),
  /** Null where nothing was compared; a distance is null where it is infinite. */
  distances: z
    .object({
      /** In the unit of the values; null of categories. */
      wasserstein: z.number().nullable(),
      /** Root of the divergence to base 2. */
      jensenShannon: z.number().nullable(),
      /** Of the current from the reference, in nats. */
      kullbackLeibler: z.number().nullable(),
      hellinger: z.number().nullable(),
      populationStability: z.number().nullable(),
    })
    .nullable(),
  bins: driftBins.nullable(),
  /** Of numbers, and of the lengths of texts: both sides in the same parts of equal width; the first and the last part are open-ended. */
  histogram: z
    .object({
      /** One more than there are parts; the upper one belongs to a part. */
      edges: z.array(z.number()),
      reference: z.array(z.number()),
      current: z.array(z.number()),
    })
    .nullable(),
  /** In a mode of another tool; test, effect, distances, bins and histogram are null then. */
  peer: peerFinding.nullable(),
});
export type DriftColumn = z.infer<typeof driftColumn>;

export const driftReport = z.object({
  /** The version is that of the tool whose mode it is. */
  mode: z.object({ name: driftMode, version: z.string().nullable() }),
  verdict: z.enum(['drift', 'no-drift', 'not-enough-data']),
  /** In a sentence. */
  about: z.string(),
  reference: z.object({ path: z.string(), rowCount: z.number() }),
  current: z.object({ path: z.string(), rowCount: z.number() }),
  /** Columns that only one side has. */
  added: z.array(z.string()),
  removed: z.array(z.string()),
  /** By verdict, then by how much moved beyond chance. */
  columns: z.array(driftColumn),
});
export type DriftReport = z.infer<typeof driftReport>;
