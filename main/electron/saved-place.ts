import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { windowPlace, type WindowPlace } from './window-place.ts';

/** The place kept in a file, or null where there is none that can be read: then the window opens as if for the first time. */
export function readPlace(path: string): WindowPlace | null {
  try {
    return windowPlace.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Missing, damaged or from another version: where a window stood is not worth a word to the person.
    return null;
  }
}

/** Replaces the file as a whole, so that a crash leaves the old place or the new one. */
export function savePlace(path: string, place: WindowPlace): void {
  writeFileSync(`${path}.new`, JSON.stringify(place));
  renameSync(`${path}.new`, path);
}
