import { useSearchParams } from 'wouter';

/** What stands behind the `?` of the address, and a way to change one word of it: '' takes it out. Going back leaves the page. */
export function useAddressWords(): [URLSearchParams, (name: string, value: string) => void] {
  const [words, setWords] = useSearchParams();
  const set = (name: string, value: string) =>
    setWords(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  return [words, set];
}
