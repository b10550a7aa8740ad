import { assertNever } from '../../contract/index.ts';
import type { EngineTrouble } from './engine-host.ts';

/** What a person is told: a passing note, or a question whose first answer is the one to take. */
export interface TroubleNotice {
  readonly isQuestion: boolean;
  readonly title: string;
  readonly detail: string;
  readonly answers: readonly ('restart' | 'quit')[];
}

/** The words for what happened to the engine: what, what it means for the runs, the evidence, what can be done. */
export function noticeOf(trouble: EngineTrouble): TroubleNotice {
  switch (trouble.kind) {
    case 'restarted':
      return {
        isQuestion: false,
        title: 'The engine was started again',
        detail: `It had ended with code ${trouble.code}. Runs under way go on, and nothing recorded is lost.`,
        answers: [],
      };
    case 'given-up':
      return {
        isQuestion: true,
        title: 'The engine keeps ending',
        detail: [
          `It ended with code ${trouble.code}, again and again. Runs under way go on, and nothing recorded is lost.`,
          ...(trouble.log === '' ? [] : [`The last it wrote:\n${trouble.log}`]),
        ].join('\n\n'),
        answers: ['restart', 'quit'],
      };
    case 'cannot-start':
      return {
        isQuestion: true,
        title: trouble.error.what,
        detail: [trouble.error.evidence, trouble.error.next]
          .filter((part) => part !== undefined)
          .join('\n\n'),
        answers: ['restart', 'quit'],
      };
    default:
      return assertNever(trouble);
  }
}
