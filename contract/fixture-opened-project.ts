import type { Project } from './projects.ts';

/** For tests: a project without runs, `p`, whose folder is there, with what is named otherwise. */
export const fixtureOpenedProject = (more: Partial<Project> = {}): Project => ({
  id: 'p',
  name: 'project',
  path: '/project',
  openedAt: 0,
  isSample: false,
  isPresent: true,
  runCount: 0,
  ...more,
});
