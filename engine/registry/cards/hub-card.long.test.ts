import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CardAnswers } from '../../../contract/index.ts';
import { pythonEnvironment } from '../../fixture-python.ts';
import { mlmodelText, openRegistry, type RegistryHouse } from '../fixture-registry.ts';
import { gateReportOf } from './fixture-gate-report.ts';

const environment = pythonEnvironment('.venv-hub');
if ('reason' in environment) console.log(`Cards are not given to huggingface_hub: ${environment.reason}`);

/** Reads a card as the Hub's own library does, strictly, and again what that library writes of it. */
const reader = `
import json, sys
from huggingface_hub import ModelCard
card = ModelCard(open(sys.argv[1], encoding="utf-8").read())
again = ModelCard(str(card))
assert again.data.to_dict() == card.data.to_dict(), (again.data.to_dict(), card.data.to_dict())
data = card.data
print(json.dumps({
    "license": data.license, "library": data.library_name, "base": data.base_model, "datasets": data.datasets,
    "metrics": data.metrics, "tags": data.tags, "name": data.model_name, "heading": card.text.strip().splitlines()[0],
    "results": [[r.task_type, r.dataset_name, r.dataset_revision, r.metric_type, r.metric_value] for r in data.eval_results or []],
}))
`;

let house: RegistryHouse;
beforeAll(async () => {
  house = await openRegistry(({ version }) => (version === 2 ? gateReportOf('m', 2) : null));
});
afterAll(() => house.end());

async function register(params: Record<string, string>): Promise<void> {
  const runId = await house.runWith('run: "quoted" | ---', 0.5, {
    'model/MLmodel': mlmodelText([{ type: 'double', name: 'x', required: true }]),
  });
  await house.tracking.logParams(runId, params);
  await house.api.register(
    { runId, model: { path: 'model' }, name: 'm', description: '---\n# not a heading', tags: {}, reason: '' },
    house.call,
  );
}

test.skipIf('reason' in environment)(
  'huggingface_hub reads from a card what was put in, and writes the same metadata again',
  { timeout: 300_000 },
  async () => {
    await register({});
    await register({ base_model: 'some/base: "x"' });
    const answers: CardAnswers = {
      intendedUse: '---\nlicense: evil\n---',
      limitations: '"',
      license: 'apache-2.0',
      contact: 'a: b',
      baseLicense: 'mit',
    };
    await house.api.answerCard({ name: 'm', version: 2, answers }, house.call);
    const read = async (version: number) => {
      const { markdown } = await house.api.card({ name: 'm', version }, house.call);
      const path = join(house.folder, `card-${version}.md`);
      writeFileSync(path, markdown);
      const python = 'python' in environment ? environment.python : '';
      return JSON.parse(execFileSync(python, ['-c', reader, path], { encoding: 'utf8' })) as object;
    };
    expect(await read(1)).toEqual({
      license: null,
      library: 'sklearn',
      base: null,
      datasets: null,
      metrics: ['accuracy'],
      tags: ['benchtop'],
      name: 'm',
      heading: '# m, version 1',
      results: [['other', 'unknown', null, 'accuracy', 0.5]],
    });
    const second = await read(2);
    expect(second).toMatchObject({
      license: 'apache-2.0',
      base: 'some/base: "x"',
      heading: '# m, version 2',
      results: [
        ['other', 'unknown', null, 'accuracy', 0.5],
        ['other', 'held-out', 'd'.repeat(64), 'f1', 0.7],
      ],
    });
    console.log(`huggingface_hub read both cards: ${JSON.stringify(second)}`);
  },
);
