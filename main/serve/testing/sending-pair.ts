import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts';
import { startBenchtop, type Peer } from './mlflow-peers.ts';
import { openSendingSide, type SendingSide } from './sending-side.ts';

/** For tests: an engine that sends, another in the place of the team's server, and a line between them that can be broken. */
export interface SendingPair {
  readonly folder: string;
  readonly team: Peer;
  readonly proxy: FaultProxy;
  readonly side: SendingSide;
  close(): Promise<void>;
}

export async function openSendingPair(): Promise<SendingPair> {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-pair-'));
  const team = await startBenchtop(join(folder, 'team'));
  const proxy = await startFaultProxy(() => team.address);
  const side = await openSendingSide(join(folder, 'home'));
  return {
    folder,
    team,
    proxy,
    side,
    async close() {
      await side.close();
      await proxy.close();
      await team.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
