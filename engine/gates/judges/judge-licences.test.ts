import { expect, test } from 'vitest';
import { fixtureRun } from '../../../contract/fixture-run.ts';
import { judgeLicences } from './judge-licences.ts';

test('the licence of a base model is judged as those of the packages are', () => {
  const judged = { run: fixtureRun({}), environment: null };
  const settings = { refuse: ['llama'], ignore: [] };
  const judge = (license: string | null) =>
    judgeLicences(
      judged,
      [],
      { name: 'base', namedBy: 'config.json', license, licensedBy: 'README.md' },
      settings,
    );
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
