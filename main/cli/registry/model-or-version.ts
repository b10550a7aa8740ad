import type { EngineApi } from '../../../contract/index.ts';

/** A registered model, or one version of it. */
export interface ModelOrVersion {
  readonly name: string;
  /** Null for the model. */
  readonly version: number | null;
}

/** What `<model>` means to the commands that take both: a name is the model; name/3, name@champion and name/Production are a version. */
export async function modelOrVersion(api: EngineApi, reference: string): Promise<ModelOrVersion> {
  const plain = reference.replace(/^models:\/+/, '');
  if (!/[/@]/.test(plain)) return { name: plain, version: null };
  const { name, version } = await api.registry.version({ reference });
  return { name, version };
}

export const nameOf = ({ name, version }: ModelOrVersion): string =>
  version === null ? name : `${name}/${version}`;
