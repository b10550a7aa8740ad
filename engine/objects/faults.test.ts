import { faults, testFault } from './fixture-faults.ts';

// `npm run test:long` fills the disk, too, and writes a large file out.
testFault(faults.badSector);
