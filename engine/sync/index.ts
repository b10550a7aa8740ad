export { createSync, type Sync } from './create-sync.ts';
export { migrations } from './migrations.ts';
export { createSecrets, type Keychain } from './secrets.ts';
