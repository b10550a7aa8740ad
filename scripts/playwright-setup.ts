import { makeRunFolder } from './run-folder.ts';

/** Once before all end-to-end tests: a folder for all that they write. Returns what removes it. */
export default function setup(): () => void {
  return makeRunFolder().remove;
}
