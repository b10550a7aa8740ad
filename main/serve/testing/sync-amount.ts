/** How much a long test of sending takes: what `BENCHTOP_SYNC_<name>` says, or else the usual amount. */
export const syncAmount = (name: 'RUNS' | 'POINTS' | 'BYTES' | 'FAULTS', usual: number): number =>
  Number(process.env[`BENCHTOP_SYNC_${name}`] ?? usual);
