import type Database from 'better-sqlite3';
import {
  BenchtopError,
  type GateReport,
  type ModelCard,
  type Project,
  type RoomHandlers,
  type Run,
  type RunData,
  type RunEnvironment,
  type Snapshot,
} from '../../../contract/index.ts';
import type { Objects } from '../../objects/index.ts';
import { isCommitted } from '../../source/index.ts';
import type { Store } from '../../store/index.ts';
import { queries, recordedRunById } from '../../tracking/index.ts';
import type { Cause } from '../history.ts';
import { historyBefore } from '../history-queries.ts';
import type { ModelVersion } from '../model-versions.ts';
import { registeredModel } from '../registered-models.ts';
import { versionContent } from '../version-content.ts';
import { filesAt, textOf } from '../version-files.ts';
import { versionByNumber, versionByReference } from '../version-reference.ts';
import { baseModelFiles, baseModelOf } from './base-model.ts';
import { answerCard, answersFor, missingAnswers } from './card-answers.ts';
import type { CardFacts } from './card-facts.ts';
import { cardText } from './card-text.ts';
import { compareLines } from './compare-lines.ts';
import { energyOf, type SampledSeries } from './energy.ts';
import { licenseBeside } from './license-beside.ts';
import { saveCard } from './save-card.ts';

/** What the other rooms have recorded of runs, for their models' cards. */
export interface RunRecords {
  /** @throws {BenchtopError} `not-found`. */
  readonly run: (runId: string) => Run;
  readonly dataOf: (runId: string) => readonly RunData[];
  readonly environmentOf: (runId: string) => Promise<RunEnvironment | null>;
  readonly snapshotOf: (runId: string) => Promise<Snapshot | null>;
  /** @throws {BenchtopError} `not-found`. */
  readonly project: (projectId: string) => Pick<Project, 'path'>;
  /** The latest report on a version that was held against held-out rows; null where there is none. */
  readonly judged: (version: Pick<ModelVersion, 'model' | 'version'>) => GateReport | null;
}

type CardHandlers = Pick<RoomHandlers<'registry'>, 'card' | 'answerCard' | 'saveCard' | 'compareCards'>;
interface VersionName {
  readonly name: string;
  readonly version: number;
}

const entriesAtMost = 200;
/** Of a file about the base model: a card, or a configuration. */
const textBytesAtMost = 1024 * 1024;

/** Model cards: made from the record at each look, with what a person said kept by version. */
export function createCards({
  store,
  objects,
  records,
  change,
  causeOf,
}: {
  store: Store;
  objects: Objects;
  records: RunRecords;
  change: (name: string, work: (db: Database.Database) => void) => Promise<void>;
  causeOf: (reason: string) => Cause;
}): CardHandlers {
  const find = (key: VersionName) => store.now((db) => versionByNumber(db, key));

  function runOf({ runId }: ModelVersion): Run | null {
    const isThere = runId !== '' && store.now((db) => recordedRunById(db, runId)) !== undefined;
    return isThere ? records.run(runId) : null;
  }

  /** As good as whole: only of a run of many hours some points are left out. */
  const usedBy = (runId: string, keys: string[]): Promise<SampledSeries[]> =>
    store.query(queries, 'tracking.series', { runIds: [runId], keys, axis: 'step', points: 10_000 });

  /** What the version's own files say of the model that it was made from. */
  async function textsOf(version: ModelVersion): Promise<Partial<Record<string, string>>> {
    const found = await filesAt(store, version.storageLocation);
    const texts: Partial<Record<string, string>> = {};
    for (const name of Object.values(baseModelFiles)) {
      const [file] = found.files
        .filter(({ path }) => path === name || path.endsWith(`/${name}`))
        .toSorted((a, b) => a.path.length - b.path.length);
      const text =
        file === undefined || file.sizeBytes > textBytesAtMost
          ? null
          : await textOf(objects, found, file.path, textBytesAtMost);
      if (text !== null) texts[name] = text;
    }
    return texts;
  }

  /** What the card of a version here says; null for one that is not here, or of which nobody said it. */
  function licenseOf(reference: string): string | null {
    try {
      const { license } = store.now((db) => answersFor(db, versionByReference(db, reference))).answers;
      return license === '' ? null : license;
    } catch (error) {
      if (error instanceof BenchtopError) return null;
      throw error;
    }
  }

  async function factsOf(version: ModelVersion): Promise<CardFacts> {
    const run = runOf(version);
    const { answers } = store.now((db) => answersFor(db, version));
    const used = Object.keys(run?.metrics ?? {}).filter((key) =>
      /^system\/(cpu_cores|gpu_\d+_percent)$/.test(key),
    );
    const history = store.now((db) =>
      historyBefore(db, {
        name: version.name,
        version: version.version,
        before: null,
        kinds: null,
        text: '',
        limit: entriesAtMost,
      }),
    );
    return {
      version,
      description: store.now((db) => registeredModel(db, version.name))?.description ?? '',
      content: await versionContent({ store, objects }, version),
      answers,
      run,
      data: run === null ? [] : records.dataOf(run.id),
      loggedData:
        run === null
          ? []
          : (store.now((db) => recordedRunById(db, run.id))?.datasets ?? []).map(({ dataset }) => dataset),
      environment: run === null ? null : await records.environmentOf(run.id),
      snapshot: run === null ? null : await records.snapshotOf(run.id),
      energy: run === null || used.length === 0 ? null : energyOf(await usedBy(run.id, used)),
      baseModel: await baseModelOf({
        run,
        texts: await textsOf(version),
        answers,
        licenseOf,
        licenseBeside: (name) =>
          licenseBeside(
            name,
            run === null || run.projectId === null ? null : records.project(run.projectId).path,
          ),
      }),
      judged: records.judged(version),
      history: history.toReversed(),
    };
  }

  async function card(key: VersionName): Promise<ModelCard> {
    const version = find(key);
    const facts = await factsOf(version);
    return {
      name: version.name,
      version: version.version,
      markdown: cardText(facts),
      ...store.now((db) => answersFor(db, version)),
      missing: missingAnswers(facts.answers, facts.baseModel),
      energy: facts.energy,
      baseModel: facts.baseModel,
    };
  }

  return {
    card,
    async answerCard({ answers, ...key }) {
      await change('answerCard', (db) => answerCard(db, versionByNumber(db, key), answers, causeOf('')));
      return card(key);
    },
    async saveCard({ projectId, overwrite, ...key }) {
      const { markdown } = await card(key);
      const id = projectId ?? runOf(find(key))?.projectId ?? null;
      if (id === null)
        throw new BenchtopError({
          code: 'not-found',
          what: `${key.name}, version ${key.version}, comes from no project.`,
          next: 'Name the project whose folder is to keep the card.',
        });
      const text = { name: key.name, markdown, overwrite };
      const path = await saveCard(records.project(id).path, text);
      return { path, isCommitted: await isCommitted(path) };
    },
    async compareCards({ before, after }) {
      return compareLines((await card(before)).markdown, (await card(after)).markdown);
    },
  };
}
