import { assertNever } from './assert-never.ts';
import type { RuleSubject } from './sync.ts';

/** What a rule sends by itself, in words. */
export function ruleText({ what, tag }: RuleSubject): string {
  switch (what) {
    case 'starred':
      return 'starred runs';
    case 'champion':
      return 'the champion of each model';
    case 'tag':
      return `runs and versions with the tag ${tag}`;
    default:
      return assertNever(what);
  }
}
