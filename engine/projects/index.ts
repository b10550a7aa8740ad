export { migrations } from './migrations.ts';
export { createPreferences } from './preferences.ts';
export { createProjects } from './projects.ts';
export { makeSample } from './sample.ts';
