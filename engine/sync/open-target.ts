import { assertNever } from '../../contract/index.ts';
import type { Objects } from '../objects/index.ts';
import type { Store } from '../store/index.ts';
import type { Carrier } from './carrier.ts';
import { openLink, type LinkOptions } from './link/http-link.ts';
import { createRateLimit } from './link/rate-limit.ts';
import { openFolder } from './folder/open-folder.ts';
import { openGit } from './git-remote/open-git.ts';
import { openMlflow } from './mlflow-server/open-mlflow.ts';
import type { SyncRecords } from './records.ts';
import type { Target } from './targets.ts';

/** Opens a target of any kind. @param line what is heard of its line, and for how long it may be silent. */
export function openTarget(
  rooms: { store: Store; objects: Pick<Objects, 'read' | 'stream'>; records: SyncRecords },
  target: Target,
  { secret, ...line }: { secret: string | null } & Pick<LinkOptions, 'idleMs' | 'onSent' | 'onAnswer'>,
): Carrier {
  switch (target.kind) {
    case 'mlflow':
      return openMlflow(
        rooms,
        target,
        openLink({
          address: target.address,
          auth: target.auth,
          user: target.user,
          secret,
          caPath: target.caPath,
          rate: createRateLimit(target.maxBytesPerSecond),
          ...line,
        }),
      );
    case 'folder':
      return openFolder(rooms, target, createRateLimit(target.maxBytesPerSecond), line);
    case 'git':
      return openGit(rooms, target, line);
    default:
      return assertNever(target.kind);
  }
}
