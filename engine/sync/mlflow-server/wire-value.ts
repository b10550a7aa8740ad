import { z } from 'zod';

/** The greatest double: what MLflow's stores in SQL keep for an infinity. */
const greatest = Number.MAX_VALUE;

/** A value as a server gives it back: an infinity comes back as the greatest double, everything else as it is. */
export const keptValue = (value: number): number =>
  value === Infinity ? greatest : value === -Infinity ? -greatest : value;

/** protobuf's JSON writes an integer of 64 bits as a text. */
export const integer = z.union([z.number(), z.string().transform(Number)]);
