import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fixtureRun } from '../../../contract/fixture-run.ts';
import { baseModelOfVersion } from '../base-model-licence.ts';
import { judgeLicences } from './judge-licences.ts';

const files = (texts: Readonly<Record<string, string>>) => {
  const entries = Object.entries(texts).map(([path, text]) => ({ path, text: Buffer.from(text) }));
  return {
    files: entries.map(({ path, text }) => ({ path, sizeBytes: text.length, objectId: path })),
    means: {
      readFile: async (objectId: string) =>
        entries.find(({ path }) => path === objectId)?.text ?? Buffer.of(),
      licenceOfCard: async (reference: string) => (reference === 'models:/base/3' ? 'mit' : null),
    },
  };
};

async function baseOf(
  params: Record<string, string>,
  texts: Record<string, string>,
  project: string | null = null,
) {
  const { files: stored, means } = files(texts);
  return baseModelOfVersion({ run: fixtureRun({ params }), files: stored }, project, means);
}

test('a base model is found in params and configurations, and its licence in the card that lies with it', async () => {
  const project = mkdtempSync(join(tmpdir(), 'benchtop-licences-'));
  try {
    mkdirSync(join(project, 'base'));
    writeFileSync(join(project, 'base', 'README.md'), '---\nlicense: llama3\ntags: [a]\n---\n# A model\n');
    expect(await baseOf({}, { 'model.pkl': 'x' })).toBeNull();
    expect(await baseOf({ model_name_or_path: 'base' }, {}, project)).toEqual({
      name: 'base',
      licence: 'llama3',
      where: join(project, 'base', 'README.md'),
    });
    expect(await baseOf({ base_model: 'models:/base/3' }, {})).toMatchObject({ licence: 'mit' });
    expect(await baseOf({ base_model: 'models:/other/1' }, {})).toMatchObject({ licence: null });
    expect(
      await baseOf(
        {},
        {
          'model/config.json': '{"_name_or_path": "nobody/has-this"}',
          'model_card_data.yaml': 'license: apache-2.0\n',
        },
      ),
    ).toMatchObject({ name: 'nobody/has-this', licence: 'apache-2.0' });
    expect(
      await baseOf({}, { 'adapter_config.json': '{"base_model_name_or_path": "nobody/has-this"}' }),
    ).toEqual({
      name: 'nobody/has-this',
      licence: null,
      where: null,
    });
  } finally {
    rmSync(project, { recursive: true });
  }
});

test('the licence of a base model is judged as those of the packages are', () => {
  const judged = { run: fixtureRun({}), environment: null };
  const settings = { refuse: ['llama'], ignore: [] };
  const judge = (licence: string | null) =>
    judgeLicences(judged, [], { name: 'base', licence, where: 'README.md' }, settings);
  expect(judge('llama3')).toMatchObject({
    state: 'failed',
    what: expect.stringContaining('refuses: llama3'),
  });
  expect(judge(null)).toMatchObject({ state: 'failed', what: expect.stringContaining('Nothing here tells') });
  // Packages are still not known.
  expect(judge('mit')).toMatchObject({
    state: 'could not judge',
    evidence: [{ text: 'base model base: mit, told by README.md' }],
  });
});
