import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { baseModelOf } from './base-model.ts';

const baseOf = (
  params: Record<string, string>,
  texts: Record<string, string>,
  { projectPath = null, baseLicense = '' }: { projectPath?: string | null; baseLicense?: string } = {},
) =>
  baseModelOf({
    run: { params },
    projectPath,
    answers: { baseLicense },
    textOf: async (name) => texts[name] ?? null,
    licenseOfCard: (reference) => (reference === 'models:/base/3' ? 'mit' : null),
  });

test('a base model is found in params and in what libraries leave', async () => {
  expect(await baseOf({}, {})).toBe(null);
  expect(await baseOf({ base_model: 'nobody/has-this' }, {})).toEqual({
    name: 'nobody/has-this',
    namedBy: 'the param base_model',
    license: null,
    licensedBy: null,
  });
  for (const [file, text] of [
    ['adapter_config.json', '{"base_model_name_or_path": "nobody/has-this"}'],
    ['config.json', '{"_name_or_path": "nobody/has-this"}'],
    ['README.md', '---\nbase_model: [nobody/has-this, other]\nlicense: not-of-the-base\n---\n# Text'],
  ] as const)
    expect(await baseOf({}, { [file]: text, 'model.yaml': ': [broken' }), file).toMatchObject({
      name: 'nobody/has-this',
      namedBy: file,
      license: null,
    });
  expect(await baseOf({}, { 'README.md': '---\n: [broken\n---' })).toBe(null);
});

test('its licence is told by a person, its card here, the card that lies with it, or MLflow', async () => {
  const project = mkdtempSync(join(tmpdir(), 'benchtop-licences-'));
  try {
    mkdirSync(join(project, 'base'));
    writeFileSync(join(project, 'base', 'README.md'), '---\nlicense: llama3\ntags: [a]\n---\n# A model\n');
    const own = { projectPath: project };
    expect(await baseOf({ model_name_or_path: 'base' }, {}, own)).toMatchObject({
      license: 'llama3',
      licensedBy: join(project, 'base', 'README.md'),
    });
    expect(await baseOf({ model_name_or_path: 'base' }, {}, { ...own, baseLicense: 'mit' })).toMatchObject({
      license: 'mit',
      licensedBy: 'a person',
    });
    expect(await baseOf({ base_model: 'models:/base/3' }, {})).toMatchObject({
      license: 'mit',
      licensedBy: 'the card of models:/base/3',
    });
    expect(await baseOf({ base_model: 'models:/other/1' }, {})).toMatchObject({ license: null });
    expect(
      await baseOf({ base_model: 'nobody/has-this' }, { 'model_card_data.yaml': 'license: apache-2.0\n' }),
    ).toMatchObject({ license: 'apache-2.0' });
  } finally {
    rmSync(project, { recursive: true });
  }
});
