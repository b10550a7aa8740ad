export { createEngine, type Engine, type EngineOptions } from './engine.ts';
export { announcedAddress, defaultHomePath, type EngineAddress } from './store/index.ts';
