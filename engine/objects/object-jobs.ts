import type Database from 'better-sqlite3';
import { hash } from 'node:crypto';
import { isMissing } from '../is-missing.ts';
import { cutStream, readForCutter } from './chunk-stream.ts';
import { findPieces, isWhole } from './find-pieces.ts';
import { digestFiles } from './digest-files.ts';
import { hashLarge } from './hash-large.ts';
import { mendPieces, rewritePack } from './move-pieces.ts';
import { pieceKinds } from './pack-format.ts';
import { recut } from './recut.ts';
import { scrubOwnFile, scrubPack } from './scrub-pack.ts';
import { survey } from './survey.ts';
import { takeFiles } from './take-files.ts';
import type { WorkerContext } from './worker-context.ts';
import type { JobAnswer, JobInput, JobName } from './worker-jobs.ts';
import { createNewFile, writeFiles, writePart } from './write-files.ts';

export type ObjectJobs = {
  readonly [N in JobName]: (input: JobInput<N>) => JobAnswer<N> | Promise<JobAnswer<N>>;
};

/** What a worker can do. @param db it only looks things up. */
export function objectJobs(context: WorkerContext, db: Database.Database): ObjectJobs {
  return {
    take: (input) => context.index.together(() => takeFiles(context, input)),
    digest: (input) => digestFiles(context, input),
    hashLarge: (input) => hashLarge(context, input),
    cut: (input) => cutStream(context, input),
    recut: (input) => context.index.together(() => recut(context, db, input)),
    read: (input) => readForCutter(context, input),
    store({ bytes }) {
      const objectId = hash('sha256', bytes, 'hex');
      const era = context.writer.era();
      if (context.index.storedAt(objectId) !== null) return { objectId, place: null, era };
      const place = context.writer.append(pieceKinds.whole, Buffer.from(objectId, 'hex'), bytes);
      return { objectId, place, era };
    },
    async sync({ since }) {
      await context.writer.sync(since);
      return null;
    },
    release() {
      context.writer.close();
      return null;
    },
    survey: () => survey(db),
    scrub: (input) => scrubPack(context, db, input),
    scrubOwnFile: (input) => scrubOwnFile(context, input),
    rewrite: (input) => rewritePack(context, db, input),
    findPieces: (input) => findPieces(context, db, input),
    isWhole: (input) => isWhole(context, db, input),
    mend: (input) => mendPieces(context, input),
    write: ({ files, cancelled }) => writeFiles(context, db, files, cancelled),
    writePart: (input) => writePart(context, db, input),
    create({ path, mode }) {
      context.operations.close(createNewFile(context, path, mode));
      return null;
    },
    setMode({ path, mode }) {
      context.operations.setMode(path, mode);
      return null;
    },
    remove({ paths }) {
      for (const path of paths) removeIfThere(context, path);
      return null;
    },
  };
}

function removeIfThere({ operations }: WorkerContext, path: string): void {
  try {
    operations.remove(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
