export type { TableProcess } from './data/index.ts';
export { createEngine, type Engine } from './engine.ts';
export { announcedAddress, defaultHomePath, type EngineAddress } from './store/index.ts';
export type { Keychain } from './sync/index.ts';
