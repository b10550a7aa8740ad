import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { GateEnvironment, GateReport, SkippedCheck } from '../../contract/index.ts';
import { openEngine } from '../fixture-engine.ts';

/** For tests: an engine with a project, and versions of a model that runs of it made. */
export async function openGates() {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-gates-')));
  const folder = join(root, 'project');
  mkdirSync(folder);
  const { engine, api, close } = await openEngine(join(root, 'home'));
  const projectId = (await api.projects.open({ path: folder })).id;

  const write = (path: string, content: string): string => {
    const place = join(folder, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, content);
    return place;
  };

  async function mlflow(path: string, body: object): Promise<unknown> {
    const response = await engine.fetch(
      new Request(`http://127.0.0.1/api/2.0/mlflow/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  }

  async function ran(command: string[], inputs: string[] = []): Promise<string> {
    const { runId } = await api.runner.start({ projectId, command, inputs });
    for await (const page of api.runner.followLog({ runId })) if (page.isComplete) break;
    while ((await api.tracking.run({ runId })).endedAt === null)
      await new Promise((resolve) => setTimeout(resolve, 30));
    await api.source.snapshot({ runId }); // whoever called may change the code next
    return runId;
  }

  const known = new Set<string>();
  return {
    root,
    folder,
    api,
    projectId,
    write,
    ran,
    /** Registers what a run left at a path as the next version of a model. */
    async register(name: string, runId: string, path: string): Promise<number> {
      if (!known.has(name)) await mlflow('registered-models/create', { name });
      known.add(name);
      const { run } = (await (
        await engine.fetch(new Request(`http://127.0.0.1/api/2.0/mlflow/runs/get?run_id=${runId}`))
      ).json()) as { run: { info: { artifact_uri: string } } };
      const made = await mlflow('model-versions/create', {
        name,
        source: `${run.info.artifact_uri}/${path}`,
        run_id: runId,
      });
      return Number((made as { model_version: { version: string } }).model_version.version);
    },
    setAlias: (name: string, alias: string, version: number) =>
      mlflow('registered-models/alias', { name, alias, version: String(version) }),
    async judge(
      model: string,
      version: number,
      environment: GateEnvironment = 'production',
      skips: SkippedCheck[] = [],
    ): Promise<GateReport> {
      for await (const event of api.gates.judge({ model, version, environment, skips }))
        if (event.kind === 'done') return event.report;
      throw new Error('No report came.');
    },
    async end() {
      await close();
      rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** `id,label,prediction,score,city`, of a classifier that is right in so many of a hundred rows. */
export function predictionsText(rightShare: number, rowCount = 400): string {
  const rows = Array.from({ length: rowCount }, (_, row) => {
    const label = row % 2;
    const isRight = (row * 37) % 100 < rightShare;
    const prediction = isRight ? label : 1 - label;
    const score = prediction === 1 ? 0.6 + (row % 7) / 20 : 0.4 - (row % 7) / 20;
    return `${row},${label},${prediction},${score.toFixed(3)},${['Bern', 'Ulm', 'Graz'][row % 3] ?? ''}`;
  });
  return `${['id,label,prediction,score,city', ...rows].join('\n')}\n`;
}
