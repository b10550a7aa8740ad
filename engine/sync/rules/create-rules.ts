import type Database from 'better-sqlite3';
import { BenchtopError, type RoomHandlers, type RuleSubject } from '../../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import { cancelDeliveries } from '../outbox/change-deliveries.ts';
import { enqueuePlan } from '../outbox/enqueue-plan.ts';
import { planPush, pushPlanOf, type PlannedDelivery } from '../plan-push.ts';
import { targetNamed, type Target } from '../targets.ts';
import { forgetPastMatches, freshMatches, hasChanged, rememberMatch, type Match } from './rule-matches.ts';
import {
  allRules,
  deleteRule,
  insertRule,
  ruleById,
  shownRules,
  unsentOfRule,
  type Rule,
} from './rule-rows.ts';

type RuleHandlers = Pick<RoomHandlers<'sync'>, 'rules' | 'planRule' | 'allowRule' | 'withdrawRule'>;

/** What changes is looked at together, so often at most, in ms. */
const lookEveryMs = 1000;
/** So much is put into the outbox in one go: nobody else who writes waits long. */
const atOnce = 100;
/** So much is told of what a rule would send. */
const plannedAtMost = 1000;

/** What goes to targets by itself, because a person allowed it. It costs nothing where there is no rule. */
export function createRules({
  store,
  now,
  changes,
  kindOf,
  onEnqueued,
  onCancelled,
  onUnexpected,
}: {
  store: Store;
  now: () => number;
  /** Yields when runs or models are otherwise than before. */
  changes: (signal: AbortSignal) => AsyncIterable<unknown>;
  kindOf: (target: number) => Target['kind'];
  onEnqueued: () => void;
  /** Deliveries to a target were cancelled: what is on its way there ends. */
  onCancelled: (target: number) => Promise<void>;
  onUnexpected: (error: unknown, where: string) => void;
}): { handlers: RuleHandlers; resume(): void; close(): Promise<void> } {
  let following: AbortController | null = null;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let isClosed = false;

  /** Looks out for changes exactly while there are rules. */
  function keepUp(): void {
    const hasRules = !isClosed && store.now(allRules).length > 0;
    if (hasRules && following === null) {
      following = new AbortController();
      follow(following.signal).catch((error: unknown) => onUnexpected(error, 'sync.rules'));
    } else if (!hasRules && following !== null) {
      following.abort();
      following = null;
    }
  }

  async function follow(signal: AbortSignal): Promise<void> {
    for await (const _change of changes(signal)) lookSoon();
  }

  function lookSoon(): void {
    if (isClosed) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      void look();
    }, lookEveryMs);
  }

  function look(): Promise<void> {
    looking = looking
      .then(async () => {
        for (const rule of store.now(allRules)) await carryOut(rule);
      })
      .catch((error: unknown) => onUnexpected(error, 'sync.rules'));
    return looking;
  }

  /** Puts what a rule newly speaks of into the outbox. Written only where there is something to write. */
  async function carryOut(rule: Rule): Promise<void> {
    for (;;) {
      if (isClosed || !store.now((db) => hasChanged(db, rule))) return;
      await store.write('sync.rule', (db) => {
        // It may have been withdrawn while this waited.
        if (!allRules(db).some(({ id }) => id === rule.id)) return;
        forgetPastMatches(db, rule);
        const planned = new Map<string, PlannedDelivery>();
        for (const match of freshMatches(db, rule, atOnce)) {
          const { deliveries, problem } = match.isThere
            ? { deliveries: [], problem: null }
            : planOf(db, rule, match);
          for (const delivery of deliveries) planned.set(`${delivery.kind} ${delivery.localId}`, delivery);
          rememberMatch(db, rule.id, match, problem);
        }
        enqueuePlan(db, [...planned.values()], { target: rule.target, rule: rule.id, at: now() });
      });
      onEnqueued();
    }
  }

  function planOf(db: Database.Database, rule: Omit<Rule, 'id'>, match: Match) {
    try {
      return { ...planPush(db, kindOf(rule.target), inputOf([match])), problem: null };
    } catch (error) {
      if (error instanceof BenchtopError) return { deliveries: [], notices: [], problem: error.toShape() };
      throw error;
    }
  }

  const checked = ({ what, tag }: RuleSubject): RuleSubject => {
    if (what !== 'tag') return { what, tag: '' };
    if (/^[^=]/.test(tag.trim())) return { what, tag: tag.trim() };
    throw new BenchtopError({
      code: 'invalid-input',
      what: 'The tag is missing.',
      next: 'Name it as key, or as key=value.',
    });
  };

  const handlers: RuleHandlers = {
    rules: ({ target }) =>
      store.now((db) => shownRules(db, { target: target === undefined ? null : targetNamed(db, target).id })),
    planRule: ({ target: name, ...subject }) =>
      store.now((db) => {
        const { id: target, kind } = targetNamed(db, name);
        const fresh = freshMatches(db, { ...checked(subject), target }, plannedAtMost);
        const deliveries = new Map<string, PlannedDelivery>();
        const notices = new Set<string>();
        for (const match of fresh.filter(({ isThere }) => !isThere)) {
          const planned = planOf(db, { ...subject, target }, match);
          for (const each of planned.deliveries) deliveries.set(`${each.kind} ${each.localId}`, each);
          for (const notice of planned.notices) notices.add(notice);
          if (planned.problem !== null) notices.add(planned.problem.what);
        }
        if (fresh.length === plannedAtMost) notices.add(`Only the first ${plannedAtMost} are counted.`);
        if (kind === 'folder')
          notices.add(
            'With a version go some of the held-out rows that it was judged by, where there are any.',
          );
        return pushPlanOf({ deliveries: [...deliveries.values()], notices: [...notices] });
      }),
    async allowRule({ target: name, ...subject }) {
      const rule = checked(subject);
      const id = await store.write('sync.allowRule', (db) =>
        insertRule(db, { ...rule, target: targetNamed(db, name).id }, now()),
      );
      keepUp();
      await look();
      return shownRule(id);
    },
    async withdrawRule({ ruleId }) {
      const rule = store.now((db) => ruleById(db, ruleId));
      const cancelled = await store.write('sync.withdrawRule', (db) => {
        const ids = cancelDeliveries(db, { target: null, deliveryIds: unsentOfRule(db, ruleId) }, now());
        deleteRule(db, ruleId);
        return ids.length;
      });
      keepUp();
      await onCancelled(rule.target);
      return { cancelled };
    },
  };

  function shownRule(id: number) {
    const [shown] = store.now((db) => shownRules(db, { id }));
    if (shown !== undefined) return shown;
    throw new BenchtopError({ code: 'not-found', what: 'The rule was withdrawn meanwhile.' });
  }

  return {
    handlers,
    resume() {
      keepUp();
      if (following !== null) lookSoon();
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      keepUp();
      await looking;
    },
  };
}

const inputOf = (matches: readonly Match[]) => ({
  runIds: matches.flatMap(({ kind, localId }) => (kind === 'run' ? [localId] : [])),
  models: matches.flatMap(({ kind, localId }) => (kind === 'version' ? [localId] : [])),
  isWithStarred: false,
  isWithFiles: true,
});
