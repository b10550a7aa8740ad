import { queries as mlflowAnswers } from './mlflow-answers/index.ts';
import { queries as objects } from './objects/index.ts';
import { queries as registry } from './registry/index.ts';
import { serveQueries, storeQueries } from './store/index.ts';
import { queries as traces } from './traces/index.ts';
import { queries as tracking } from './tracking/index.ts';

/** A reader thread of the store, with every room's heavy reads. */
serveQueries({ ...storeQueries, ...tracking, ...objects, ...registry, ...traces, ...mlflowAnswers });
