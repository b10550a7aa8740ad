import type { ModelVersion } from '../../../contract/index.ts';
import { useAddressWords } from '../../app/use-address-words.ts';

/** The version that the address names, or else the champion, or else the newest; undefined where the model has none. */
export function useChosenVersion(
  versions: readonly ModelVersion[],
  champion: number | null,
): [ModelVersion | undefined, (version: number) => void] {
  const [words, setWord] = useAddressWords();
  const byNumber = (number: number | null) => versions.find(({ version }) => version === number);
  return [
    byNumber(Number(words.get('version') ?? 0)) ?? byNumber(champion) ?? versions[0],
    (version) => setWord('version', String(version)),
  ];
}
