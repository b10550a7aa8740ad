// Words that schemas and the command line share. No schema is here: a command reads its words before it loads any.

/** What judges a version before it is promoted, in the order in which it is judged: the cheap first. */
export const checkNames = [
  'code_snapshot',
  'environment_locked',
  'data_pinned',
  'licences',
  'no_secrets',
  'card',
  'reproduces',
  'beats_champion',
  'slices',
  'latency',
  'tests',
] as const;

/** Where a version can be promoted to. `production` is who is the champion, `staging` the challenger. */
export const gateEnvironments = ['staging', 'production'] as const;

/** As MLflow has them. */
export const modelStages = ['None', 'Staging', 'Production', 'Archived'] as const;

/** Tests of one column that may be asked for in place of the usual one. */
export const driftTests = ['kolmogorov-smirnov', 'cramer-von-mises', 'chi-square', 'two-proportion'] as const;

/** Whose numbers and verdicts a drift report has. */
export const driftModes = ['benchtop', 'evidently', 'nannyml'] as const;

/** What a change of a model's answers is counted in. */
export const importanceMeasures = ['probabilities', 'classes', 'numbers'] as const;

/** What a table that grows can be cut into, by a column of times. */
export const chunkPeriods = ['hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
