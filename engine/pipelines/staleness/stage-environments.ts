import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { InstalledPackage, PipelineStage } from '../../../contract/index.ts';
import { packageText, type Environments } from '../../environments/index.ts';
import { prepared, type Store } from '../../store/index.ts';

/** The interpreter that a stage's command uses, and its packages. */
export interface StageEnvironment {
  /** sha256 over all below. */
  readonly id: string;
  readonly language: string;
  readonly version: string | null;
  /** By name, with what tells two of one name apart; null where a language's packages are not known. */
  readonly packages: Readonly<Record<string, string>> | null;
}

export type StageEnvironments = ReturnType<typeof createStageEnvironments>;

/**
 * What stages run with. An interpreter is asked once; after that its files' times tell that it and its packages are the same,
 * also to the engines after this one.
 */
export function createStageEnvironments(
  store: Store,
  environments: Pick<Environments, 'lookForInterpreters' | 'stampOf' | 'programOf'>,
) {
  const asking = new Map<string, Promise<string | null>>();

  /**
   * Tells the id of what a stage's command would use, null where that is no known interpreter. For one look at a project: each
   * interpreter's files are looked at once.
   */
  function look(
    projectPath: string,
    variables: Readonly<Record<string, string | undefined>>,
  ): (stage: PipelineStage) => Promise<string | null> {
    const ids = new Map<string, Promise<string | null>>();
    const interpreterOf = environments.lookForInterpreters();
    const ofStages = new WeakMap<PipelineStage, Promise<string | null>>();
    return (stage) => {
      const id = ofStages.get(stage) ?? lookAt(stage);
      ofStages.set(stage, id);
      return id;
    };

    function lookAt(stage: PipelineStage): Promise<string | null> {
      const started = {
        command: ['sh', '-c', stage.commands.join('\n')],
        workingFolder: join(projectPath, stage.workingFolder),
        environment: { ...variables, ...stage.env },
      };
      const program = interpreterOf(started);
      if (program === null || program.language === null) return Promise.resolve(null);
      // A script in the place of an interpreter may choose by the folder.
      const place = `${program.path}\n${started.workingFolder}`;
      const known = ids.get(place);
      if (known !== undefined) return known;
      const id = idOf(started, environments.stampOf(program, started));
      ids.set(place, id);
      return id;
    }
  }

  async function idOf(started: Started, stamp: string | null): Promise<string | null> {
    if (stamp === null) return ask(started, null);
    const known = store.now((db) =>
      prepared(db, 'SELECT environment FROM stage_environment_stamp WHERE stamp = ?').pluck().get(stamp),
    );
    if (typeof known === 'string') return known;
    const before = asking.get(stamp);
    if (before !== undefined) return before;
    const asked = ask(started, stamp).finally(() => asking.delete(stamp));
    asking.set(stamp, asked);
    return asked;
  }

  async function ask(started: Started, stamp: string | null): Promise<string | null> {
    const { interpreter, packages } = await environments.programOf(started);
    // One that does not answer is asked again the next time.
    if (interpreter === null || interpreter.language === null || interpreter.version === null) return null;
    const environment = identified({
      language: interpreter.language,
      version: interpreter.version,
      // By name, as the environments' room lists them.
      packages: packages === null ? null : Object.fromEntries(packages.map(namedPackage)),
    });
    if (store.readOnlyReason === null)
      await store.write('pipelines.environment', (db) => {
        prepared(db, 'INSERT OR IGNORE INTO stage_environment (id, content) VALUES (?, ?)').run(
          environment.id,
          JSON.stringify(environment),
        );
        prepared(db, 'INSERT OR REPLACE INTO stage_environment_stamp (stamp, environment) VALUES (?, ?)').run(
          stamp,
          environment.id,
        );
      });
    return environment.id;
  }

  function byId(id: string): StageEnvironment | null {
    const content = store.now((db) =>
      prepared(db, 'SELECT content FROM stage_environment WHERE id = ?').pluck().get(id),
    );
    return typeof content === 'string' ? (JSON.parse(content) as StageEnvironment) : null;
  }

  return { look, byId };
}

type Started = Parameters<Environments['programOf']>[0];

const namedPackage = (one: InstalledPackage): [string, string] => [
  one.name,
  packageText(one).slice(one.name.length + 1),
];

function identified(content: Omit<StageEnvironment, 'id'>): StageEnvironment {
  const { language, version, packages } = content;
  const parts = [language, version, packages === null ? null : Object.entries(packages)];
  return { id: createHash('sha256').update(JSON.stringify(parts)).digest('hex'), ...content };
}
