import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEngine } from '../fixture-engine.ts';

test('the sample is laid into the home with all its recorded runs, once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-sample-'));
  const { api, close } = await openEngine(folder);
  try {
    const project = await api.projects.openSample({});
    expect((await api.projects.openSample({})).runCount).toBe(project.runCount);
    const { runs } = await api.tracking.searchRuns({ projectId: project.id });
    expect(runs.map((run) => run.status)).toEqual(expect.arrayContaining(['finished', 'failed', 'killed']));
    for (const run of runs) {
      const log = await api.runner.log({ runId: run.id });
      expect(log.sizeBytes, run.name).toBeGreaterThan(0);
    }
    const failed = runs.find((run) => run.status === 'failed');
    expect(failed?.exitCode).toBe(1);
    const trained = runs.find((run) => 'val_auc' in run.metrics && run.status === 'finished');
    expect(trained?.metrics['val_auc']?.last).toBeGreaterThan(0.6);
    const artifacts = await api.tracking.artifacts({ runId: trained!.id, folder: 'out' });
    for (const { objectId, sizeBytes } of artifacts) {
      expect((await api.objects.read({ objectId: objectId! })).sizeBytes).toBe(sizeBytes);
    }
    expect(artifacts.length).toBeGreaterThan(0);
    const definition = await api.pipelines.definition({ projectId: project.id });
    expect(definition?.problems).toEqual([]);
    expect(definition?.stages.map((stage) => [stage.name, stage.upstream])).toEqual([
      ['prepare', []],
      ['train', ['prepare']],
      ['evaluate', ['train', 'prepare']],
    ]);
    const findings = await api.projects.findings({ projectId: project.id });
    expect(findings.map((finding) => finding.kind)).toEqual(
      expect.arrayContaining(['pipeline', 'script', 'data', 'params']),
    );
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
});
