export { createMonitoring } from './create-monitoring.ts';
export { latestIncident } from './incident-rows.ts';
export { migrations } from './migrations.ts';
