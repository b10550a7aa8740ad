import { BenchtopError } from '../../../contract/index.ts';

/** `churn/3`. @throws {BenchtopError} `invalid-input`. */
export function versionNamed(text: string): { model: string; version: number } {
  const [, model, version] = /^(.+)\/(\d+)$/.exec(text) ?? [];
  if (model !== undefined && version !== undefined) return { model, version: Number(version) };
  throw new BenchtopError({
    code: 'invalid-input',
    what: `"${text}" names no version.`,
    next: 'Write it as MODEL/NUMBER, such as churn/3.',
  });
}
