import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { projectRoot } from './bootstrap.mjs';

// The builder's own schema, checked by the builder's own ajv: the versions that will read the file.
const ofBuilder = createRequire(createRequire(import.meta.url).resolve('electron-builder/package.json'));
const Ajv = ofBuilder('ajv').default ?? ofBuilder('ajv');
const schema = JSON.parse(readFileSync(ofBuilder.resolve('app-builder-lib/scheme.json'), 'utf8'));
const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(schema);
const text = readFileSync(join(projectRoot, 'electron-builder.yml'), 'utf8');

function findings(config: unknown): string[] {
  validate(config);
  return (validate.errors ?? []).map(
    ({ instancePath, dataPath, message, params }: Record<string, unknown>) =>
      `${String(instancePath ?? dataPath)} ${String(message)} ${JSON.stringify(params)}`,
  );
}

describe('electron-builder.yml', () => {
  test('is what the builder accepts', () => {
    expect(findings(parse(text))).toEqual([]);
  });

  test.each([
    ['a key that does not exist', { asarUnpacked: [] }],
    ['a fuse that does not exist', { electronFuses: { runAsNod: false } }],
    ['a value of the wrong kind', { mac: { hardenedRuntime: 'yes' } }],
  ])('%s would be found', (_what, wrong) => {
    expect(findings({ ...parse(text), ...wrong })).not.toEqual([]);
  });

  test('every fuse that lets somebody else’s code in is off', () => {
    expect(parse(text).electronFuses).toEqual({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableCookieEncryption: true,
      onlyLoadAppFromAsar: true,
      enableEmbeddedAsarIntegrityValidation: true,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  test('package.json starts the bundle that is packed', () => {
    const { main } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
    expect(main).toBe('out/app/main.mjs');
  });
});
