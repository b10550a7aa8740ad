/** How far two numbers may be apart and count as the same: NumPy's own. */
export const defaultTolerance = { absolute: 1e-8, relative: 1e-5 };
