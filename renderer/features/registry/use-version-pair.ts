import type { ModelVersion, RegisteredModel } from '../../../contract/index.ts';
import { useAddressWords } from '../../app/use-address-words.ts';

export interface VersionPair {
  /** Undefined where the model has no version. */
  readonly before: ModelVersion | undefined;
  readonly after: ModelVersion | undefined;
  choose(side: 'from' | 'to', version: number): void;
}

/** The two versions of the address that are held against each other; at first the champion and the challenger, or else the newest. */
export function useVersionPair(
  versions: readonly ModelVersion[],
  aliases: RegisteredModel['aliases'],
): VersionPair {
  const [words, setWord] = useAddressWords();
  const byNumber = (number: number | undefined) => versions.find(({ version }) => version === number);
  const holder = (alias: string) => byNumber(aliases.find((each) => each.alias === alias)?.version);
  const named = (side: 'from' | 'to') => byNumber(Number(words.get(side) ?? 0));
  const champion = holder('champion');
  const after = named('to') ?? holder('challenger') ?? versions[0];
  const other =
    champion === after ? versions.find(({ version }) => version < (after?.version ?? 0)) : champion;
  return {
    before: named('from') ?? other ?? versions.find((version) => version !== after) ?? after,
    after,
    choose: (side, version) => setWord(side, String(version)),
  };
}
