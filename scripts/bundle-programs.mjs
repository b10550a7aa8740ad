import { join } from 'node:path';
import { argv } from 'node:process';
import { bundlePrograms } from './bundle-node.mjs';

// For tests: node scripts/bundle-programs.mjs FOLDER SOURCE… bundles programs into out/FOLDER.
const [folder = '', ...sources] = argv.slice(2);
await bundlePrograms(join(import.meta.dirname, '..'), folder, sources);
