export { createEnvironments, type Environments } from './create-environments.ts';
export { environmentDifferences } from './environment-differences.ts';
export {
  environmentLock,
  packageText,
  requirementsText,
  type CapturedEnvironment,
} from './environment-lock.ts';
export { migrations } from './migrations.ts';
export type { PackageLicence } from './package-licences.ts';
