import { expect, test } from 'vitest';
import { pythonEnvironment } from '../fixture-python.ts';
import { estimateCase, furthest, ownEstimate, peerEstimates } from './testing/estimates.ts';

const environment = pythonEnvironment('.venv-drift');

test.skipIf('reason' in environment)(
  'estimates are those of NannyML 0.13.1, of its own data and of others',
  () => {
    if ('reason' in environment) return;
    const own = [
      estimateCase(1, 2, 4000, 1),
      estimateCase(2, 2, 4000, 3),
      estimateCase(3, 2, 555, 0.5),
      estimateCase(4, 3, 4000, 2),
      estimateCase(5, 5, 3000, 1),
    ];
    const sets = [
      { dataset: 'car-loan', chunkRows: 5000 },
      { dataset: 'car-loan', chunkRows: 5000, isStable: true },
      { dataset: 'cards', chunkRows: 6000, isStable: true },
    ] as const;
    const theirs = peerEstimates(environment.python, [...own, ...sets]);
    for (const [at, peer] of theirs.entries()) {
      const set = sets[at - own.length];
      const made = own[at] ?? { ...peer.rows!, classes: peer.classes, chunkRows: set!.chunkRows };
      const { 'error of auc': ofAuc = 0, ...off } = furthest(ownEstimate(made), peer);
      console.log(
        `${set === undefined ? `case ${at}` : JSON.stringify(set)}: furthest apart ${JSON.stringify({ ...off, ofAuc })}`,
      );
      for (const [name, distance] of Object.entries(off))
        expect(distance, `${at} ${name}`).toBeLessThan(1e-9);
      // NumPy leaves the order of equal scores to the machine, and with it what NannyML says here.
      expect(ofAuc).toBeLessThan(set === undefined || 'isStable' in set ? 1e-9 : 1e-5);
    }
  },
);
