import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The test files that take ten seconds and more on two cores, the dearest first. One of them that is begun last keeps one worker busy while
 * the others have nothing left. Those behind the others wait for a Python environment (`begin-environments.mjs`): until it is there
 * they would hold up a worker each.
 */
export const dearest = [
  'engine/crash.test.ts',
  'main/serve/sync-outbox.test.ts',
  'main/serve/sync-parts.test.ts',
  'e2e/sample-scripts.test.ts',
  'main/cli/cli.test.ts',
  'engine/tracking/tracking.test.ts',
  'engine/source/dirty-repositories.test.ts',
  'engine/runner/chaos.test.ts',
  'main/serve/ingest-kill.test.ts',
  'engine/reproduction/reproduction.test.ts',
  'engine/objects/faults.test.ts',
  'engine/data/known-tree.test.ts',
  'main/cli/registry/model-commands.test.ts',
  'scripts/test-sums.test.ts',
  'engine/runner/recovery.test.ts',
  'engine/runner/resources/sample-runs.test.ts',
  'engine/objects/crash.test.ts',
  'engine/pipelines/staleness/staleness.test.ts',
  // In Python, beside mlflow and SciPy.
  'main/serve/mlflow-client.test.ts',
  'main/serve/mlflow-differential.test.ts',
  'main/serve/mlflow-traces.test.ts',
  'main/serve/sync.test.ts',
  'main/serve/artifacts.test.ts',
];

/** Those first, and the others as vitest has them: by how long they took the last time, or else by their size. */
export class TestOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = dearest.findIndex((file) => moduleId.endsWith(`/${file}`));
      return at === -1 ? dearest.length : at;
    };
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
  }
}
