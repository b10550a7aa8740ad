import type { TableProcess } from './data/index.ts';
import type { Keychain } from './sync/index.ts';

/** What a host gives the engine that it starts. */
export interface EngineOptions {
  /** The folder that holds everything; made where it is missing. */
  readonly homePath: string;
  readonly version: string;
  /** The folder with the sample project, its recorded runs and the Python module for the runs' programs. */
  readonly resourcesPath: string;
  /** Where experiments without a location of their own keep their artifacts, as URI; null for this engine's proxy. */
  readonly artifactRoot?: string | null;
  /** How this host keeps the machine from sleeping; what it answers ends that. Left out where the host cannot. */
  readonly holdAwake?: () => () => void;
  /** How this host starts the process that reads tables; as a child of Node when left out. */
  readonly startTables?: () => TableProcess;
  /** How this host locks secrets away; null where it has no keychain. */
  readonly keychain?: Keychain | null;
  /** The clock, milliseconds UTC. */
  readonly now?: () => number;
}
