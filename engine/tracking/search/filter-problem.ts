import { BenchtopError } from '../../../contract/index.ts';

/** A filter or an order that cannot be read: what is wrong, with the place in the text as it was given. */
export function filterProblem(
  text: string,
  place: { start: number; end: number },
  what: string,
  next: string,
): BenchtopError {
  const offset = Math.min(place.start, text.length);
  return new BenchtopError({
    code: 'invalid-input',
    what,
    at: { offset, length: Math.max(1, place.end - place.start) },
    next,
  });
}
