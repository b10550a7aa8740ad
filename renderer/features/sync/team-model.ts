import type { TeamVersion } from '../../../contract/index.ts';

/** A model of a target's registry, with its versions as they were last read, the newest first. */
export interface TeamModel {
  readonly target: string;
  readonly name: string;
  readonly versions: readonly TeamVersion[];
  readonly aliases: readonly { readonly alias: string; readonly version: string }[];
}

/** The versions of registries by their models, in the order of their names. */
export function teamModelsOf(versions: readonly TeamVersion[]): TeamModel[] {
  const byModel = Map.groupBy(versions, ({ target, name }) => `${target} ${name}`);
  return [...byModel.values()]
    .flatMap((own): TeamModel[] => {
      const sorted = own.toSorted((a, b) => Number(b.version) - Number(a.version));
      const [newest] = sorted;
      if (newest === undefined) return [];
      const aliases = sorted.flatMap(({ aliases: names, version }) =>
        names.map((alias) => ({ alias, version })),
      );
      return [{ target: newest.target, name: newest.name, versions: sorted, aliases }];
    })
    .toSorted((a, b) => (a.name === b.name ? (a.target < b.target ? -1 : 1) : a.name < b.name ? -1 : 1));
}
