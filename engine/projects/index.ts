export { migrations } from './migrations.ts';
export { createPreferences } from './preferences.ts';
export { createProjects, type Projects } from './projects.ts';
export { makeSample } from './sample.ts';
