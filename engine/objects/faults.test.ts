import { faults, testFault } from './testing/fault-tests.ts';

// `npm run test:long` fills the disk, too, and writes a large file out.
testFault(faults.badSector);
