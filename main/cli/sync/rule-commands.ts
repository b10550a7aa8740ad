import { BenchtopError, ruleText, type RuleSubject } from '../../../contract/index.ts';
import { jsonText } from '../json-text.ts';
import { withEngine } from '../with-engine.ts';
import { planText } from './push-command.ts';

export interface RuleOptions {
  readonly home: string;
  readonly starred?: boolean;
  readonly champion?: boolean;
  readonly tag?: string;
  readonly json?: boolean;
}

export interface AllowOptions extends RuleOptions {
  readonly dryRun?: boolean;
}

/** `benchtop target allow`: the command is the consent; with `--dry-run` it says what that would send. */
export async function allowRule(target: string, options: AllowOptions): Promise<void> {
  const subject = subjectOf(options);
  await withEngine(options.home, async ({ api }) => {
    if (options.dryRun === true) {
      const plan = await api.sync.planRule({ target, ...subject });
      console.log(options.json === true ? jsonText(plan) : planText(plan));
      return;
    }
    const rule = await api.sync.allowRule({ target, ...subject });
    console.log(
      options.json === true
        ? jsonText(rule)
        : [
            `By itself to ${target}: ${ruleText(rule)}; ${rule.matches} put into the outbox so far.`,
            ...rule.problems.map(({ localId, error }) => `  ${localId}: ${error.what}`),
          ].join('\n'),
    );
  });
}

/** `benchtop target withdraw`. */
export async function withdrawRule(target: string, options: RuleOptions): Promise<void> {
  const { what, tag } = subjectOf(options);
  await withEngine(options.home, async ({ api }) => {
    const rule = (await api.sync.rules({ target })).find((each) => each.what === what && each.tag === tag);
    if (rule === undefined)
      throw new BenchtopError({
        code: 'not-found',
        what: `Nothing of that goes to ${target} by itself.`,
        next: '`benchtop target list` says what does.',
      });
    const done = await api.sync.withdrawRule({ ruleId: rule.id });
    console.log(
      options.json === true
        ? jsonText(done)
        : `No longer by itself to ${target}: ${ruleText(rule)}; ${done.cancelled} that waited cancelled.`,
    );
  });
}

/** Exactly one of what rules can be about. */
function subjectOf({ starred = false, champion = false, tag }: RuleOptions): RuleSubject {
  const named: RuleSubject[] = [
    ...(starred ? [{ what: 'starred' as const, tag: '' }] : []),
    ...(champion ? [{ what: 'champion' as const, tag: '' }] : []),
    ...(tag === undefined ? [] : [{ what: 'tag' as const, tag }]),
  ];
  const [subject] = named;
  if (subject !== undefined && named.length === 1) return subject;
  throw new BenchtopError({
    code: 'invalid-input',
    what: subject === undefined ? 'It is not said what.' : 'A rule is about one thing.',
    next: 'Give --starred, --champion or --tag KEY=VALUE.',
  });
}
