/** `/api` is the client's, `/ajax-api` the one of MLflow's own pages. */
export const callPaths = ['/api', '/ajax-api'] as const;
/** OpenTelemetry's own. */
export const spansPath = '/v1/traces';
export const versionPath = '/version';

/** All that the dialect answers lies at or below one of these. */
export const mlflowPaths: readonly string[] = [...callPaths, spansPath, versionPath];
