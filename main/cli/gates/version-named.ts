import { BenchtopError, type EngineApi } from '../../../contract/index.ts';

/** `churn/3`, `churn@challenger` or `churn/Staging`: one version, and never whichever a bare name stands for. @throws {BenchtopError} `invalid-input`, `not-found`. */
export async function versionNamed(
  api: EngineApi,
  reference: string,
): Promise<{ model: string; version: number }> {
  if (!/[/@]./.test(reference.replace(/^models:\/+/, '')))
    throw new BenchtopError({
      code: 'invalid-input',
      what: `"${reference}" names no version.`,
      next: 'Write it as MODEL/NUMBER or MODEL@ALIAS, such as churn/3 or churn@challenger.',
    });
  const { name, version } = await api.registry.version({ reference });
  return { model: name, version };
}
