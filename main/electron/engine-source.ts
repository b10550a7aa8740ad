import { BenchtopError, type Port } from '../../contract/index.ts';
import {
  announcedAddress,
  createEngine,
  type EngineAddress,
  type Keychain,
  type TableProcess,
} from '../../engine/index.ts';
import { openEnginePort } from '../engine-port.ts';
import { resourcesPath, version } from '../installation.ts';
import { serve } from '../serve/index.ts';
import { relay } from './relay.ts';

/** Where a window's calls are answered: by an engine of this process, or by the one that runs on the home already. */
export interface EngineSource {
  connect(port: Port): void;
  close(): Promise<void>;
}

/**
 * Starts an engine on the home, or joins the one that holds it. An own engine also listens on loopback, so that the command
 * line can join it in turn.
 *
 * @param host what an own engine may ask of this program: to keep the machine from sleeping, to start the process that reads tables,
 * to lock secrets away
 * @param onGone the joined engine answers no more: a new source may take the home
 */
export async function openEngine(
  homePath: string,
  host: { holdAwake: () => () => void; startTables?: () => TableProcess; keychain?: Keychain | null },
  onGone: () => void,
): Promise<EngineSource> {
  try {
    const engine = await createEngine({ homePath, version, resourcesPath, ...host });
    const served = await serve({ engine, port: 0, windowPath: null, needsToken: true }).catch(
      async (error: unknown) => {
        await engine.close();
        throw error;
      },
    );
    return {
      connect: engine.connect,
      async close() {
        await served.close();
        await engine.close();
      },
    };
  } catch (error) {
    const address = announcedAddress(homePath);
    if (!(error instanceof BenchtopError) || error.code !== 'home-in-use' || address === null) throw error;
    return joinEngine(address, onGone);
  }
}

async function joinEngine(address: EngineAddress, onGone: () => void): Promise<EngineSource> {
  const open = () => openEnginePort(address);
  // Asked once before anything is promised: an announcement may outlive what it announced.
  (await open()).close();
  return {
    connect(port) {
      open().then(
        (theirs) => relay(port, theirs),
        () => {
          port.close();
          onGone();
        },
      );
    },
    close: async () => undefined,
  };
}
