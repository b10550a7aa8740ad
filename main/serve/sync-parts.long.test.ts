import { randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { pythonEnvironment } from '../../engine/fixture-python.ts';
import { startFaultProxy, type Fault } from './testing/fault-proxy.ts';
import { startLaptop } from './testing/laptop.ts';
import { startMlflow } from './testing/mlflow-peers.ts';
import { recordRun } from './testing/record-run.ts';
import { programPath, runPython } from './testing/run-python.ts';
import { startS3 } from './testing/start-s3.ts';
import { untilSettled } from './testing/until-settled.ts';

const fileBytes = Number(process.env['BENCHTOP_PARTS_BYTES'] ?? 600e6);
const partBytes = 8 * 1024 * 1024;
const kills = 3;
const mostAnswerCuts = 4;
const environment = pythonEnvironment('.venv-s3');
if ('reason' in environment) console.log(`An object store is not tried: ${environment.reason}`);

/** A server over an object store, with a line to each of the two that can be broken. */
async function openTeam(python: string, folder: string, takesParts: boolean) {
  const s3 = await startS3(python);
  const storeLine = await startFaultProxy(() => s3.address);
  const env = {
    MLFLOW_S3_ENDPOINT_URL: storeLine.address,
    MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD: String(takesParts),
    MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD: String(takesParts),
    AWS_ACCESS_KEY_ID: 'team',
    AWS_SECRET_ACCESS_KEY: 'team',
    AWS_DEFAULT_REGION: 'us-east-1',
  };
  mkdirSync(folder, { recursive: true });
  const look = async (trackingUri: string, ...args: string[]) => {
    const { code, output } = await runPython(python, [programPath('object-store'), ...args], {
      folder,
      trackingUri,
      env,
    });
    if (code !== 0) throw new Error(output);
    return output;
  };
  await look('', 'make');
  const mlflow = await startMlflow(python, folder, { destination: 's3://team/files', env });
  const serverLine = await startFaultProxy(() => mlflow.address);
  return {
    address: serverLine.address,
    serverLine,
    storeLine,
    look: (...args: string[]) => look(mlflow.address, ...args),
    async close() {
      await serverLine.close();
      await mlflow.stop();
      await storeLine.close();
      await s3.stop();
    },
  };
}

/** Such a team as a target, and a laptop with a run that has these files. */
async function openSide(python: string, files: readonly number[], takesParts: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-parts-long-'));
  const team = await openTeam(python, join(folder, 'team'), takesParts);
  const laptop = await startLaptop(join(folder, 'home'));
  const { experiment_id: experimentId } = (await laptop.post('experiments/create', { name: 'parts' })) as {
    experiment_id: string;
  };
  const sample = await recordRun(laptop, { experimentId, name: 'large', series: 1, points: 10, files });
  await laptop.api().sync.addTarget({ name: 'team', address: team.address });
  return {
    team,
    laptop,
    sample,
    async close() {
      await laptop.stop();
      await team.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

test.skipIf('reason' in environment)(
  'a large file goes in parts to the store behind a real server; what is cut or killed costs a part, and no more',
  { timeout: 1_800_000 },
  async () => {
    if ('reason' in environment) return;
    const { team, laptop, sample, close } = await openSide(environment.python, [fileBytes, 1000], true);
    try {
      // Every tenth part is cut in its midst, the answer to putting them together is lost, and what is read back breaks off.
      let [cuts, answerCuts, completions, begun] = [0, 0, 0, 0];
      team.storeLine.setFaults((method, path): Fault | null => {
        if (method === 'POST' && path.includes('uploads')) begun++;
        if (method === 'GET' && path.includes('X-Amz-Signature') && answerCuts < mostAnswerCuts) {
          answerCuts++;
          return { kind: 'cut-answer', afterBytes: randomInt(1, fileBytes / mostAnswerCuts) };
        }
        if (method !== 'PUT' || !path.includes('partNumber=') || randomInt(10) !== 0) return null;
        cuts++;
        return { kind: 'cut-request', afterBytes: randomInt(1, partBytes) };
      });
      team.serverLine.setFaults((_method, path): Fault | null => {
        if (!path.includes('/mpu/complete/')) return null;
        return completions++ === 0 ? { kind: 'drop-answer' } : null;
      });
      const { notices } = await laptop.api().sync.testTarget({ target: 'team' });
      expect(notices).toEqual(['large files go in parts, straight to where it keeps its files']);
      const startedAt = performance.now();
      await laptop.api().sync.push({ target: 'team', runIds: [sample.runId] });
      for (let kill = 1; kill <= kills; kill++) {
        while (team.storeLine.bodyBytes() < (fileBytes * kill) / (kills + 1)) await sleep(20);
        await laptop.killAndStart();
      }
      const deliveries = await untilSettled(laptop.api(), 1_200_000);
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      expect(deliveries.map(({ state, error }) => [state, error])).toEqual([['verified', null]]);
      const { receipt } = await laptop.api().sync.delivery({ deliveryId: deliveries[0]?.id ?? 0 });
      const [sentBytes, readBytes] = [team.storeLine.bodyBytes(), team.storeLine.answerBytes()];
      team.storeLine.setFaults(() => null);
      const found = await team.look('look', receipt?.remoteId ?? '');
      console.log(
        `parts: a file of ${Math.round(fileBytes / 1e6)} MB, ${cuts} parts cut and ${kills} engines killed: ${Math.round(sentBytes / 1e6)} MB to the store ` +
          `(${(sentBytes / fileBytes).toFixed(4)} of the necessary), ${begun} begun, ${completions} put together; ` +
          `read back with ${answerCuts} cuts: ${Math.round(readBytes / 1e6)} MB (${(readBytes / fileBytes).toFixed(4)}); there and verified in ${seconds} s`,
      );
      expect(cuts).toBeGreaterThan(0);
      // The small file, and what the server itself says to its store, are less than a quarter of a part.
      expect(sentBytes).toBeLessThan(fileBytes + (cuts + kills) * partBytes + partBytes / 4);
      expect([begun, completions]).toEqual([1, 1]);
      expect(answerCuts).toBe(mostAnswerCuts);
      expect(readBytes).toBeLessThan(fileBytes + answerCuts * partBytes);
      expect(receipt?.notices).toEqual([]);
      expect(Object.fromEntries(receipt?.files.map(({ path, sha256 }) => [path, sha256]) ?? [])).toEqual(
        Object.fromEntries(sample.files),
      );
      expect(found.trim().split('\n')).toEqual([
        ...[...sample.files].map(([path, sha256]) => `${path} ${sha256}`),
        'unfinished 0',
      ]);
    } finally {
      await close();
    }
  },
);

test.skipIf('reason' in environment)(
  'a server whose operator wants no parts gets the file whole, and says so when it is tested',
  { timeout: 600_000 },
  async () => {
    if ('reason' in environment) return;
    const { laptop, sample, close } = await openSide(environment.python, [20e6], false);
    try {
      expect((await laptop.api().sync.testTarget({ target: 'team' })).notices).toEqual([
        'it takes no files in parts: one that is cut off is sent again from its beginning',
      ]);
      await laptop.api().sync.push({ target: 'team', runIds: [sample.runId] });
      const [delivery] = await untilSettled(laptop.api(), 300_000);
      const { receipt } = await laptop.api().sync.delivery({ deliveryId: delivery?.id ?? 0 });
      expect(receipt?.files.map(({ path, sha256 }) => [path, sha256])).toEqual([...sample.files]);
    } finally {
      await close();
    }
  },
);
