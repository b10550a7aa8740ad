import { expect, test } from 'vitest';
import { hashSeconds, startArtifactServer } from './testing/artifact-server.ts';

const sizeBytes = 5 * 1024 ** 3;

test('5 GiB go in and out in constant memory', { timeout: 900_000 }, async () => {
  if (process.platform !== 'linux') return;
  const server = await startArtifactServer();
  try {
    await server.upload(50_000_000);
    const sent = await server.upload(sizeBytes);
    expect(sent.status).toBe(200);
    const floor = hashSeconds(sizeBytes);
    const received = await server.download();
    expect(received.sha256).toBe(sent.sha256);
    const rate = (seconds: number) => `${Math.round(sizeBytes / 1e6 / seconds)} MB/s`;
    console.log(
      `5 GiB artifact: up ${rate(sent.seconds)}, sha256 alone ${rate(floor)} (${(sent.seconds / floor).toFixed(2)} ×), ` +
        `down ${rate(received.seconds)}; memory grew by ${Math.round(sent.grownBytes / 1e6)} MB up, ` +
        `${Math.round(received.grownBytes / 1e6)} MB down`,
    );
    expect(sent.grownBytes).toBeLessThan(150_000_000);
    expect(received.grownBytes).toBeLessThan(150_000_000);
  } finally {
    await server.end();
  }
});
