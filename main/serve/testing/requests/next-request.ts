import { artifactMakers } from './artifact-requests.ts';
import { experimentMakers, searchExperiments } from './experiment-requests.ts';
import { createLoggedModel, loggedModelMakers, searchLoggedModels } from './logged-model-requests.ts';
import type { Maker, Plan, PlannedRequest } from './plan.ts';
import type { Random } from './random.ts';
import { createRegisteredModel, registryMakers, searchRegistry } from './registry-requests.ts';
import { createRun, metricMakers, runMakers, searchRuns } from './run-requests.ts';

/** Until there is something to search. */
const beginning: readonly Maker[] = [
  ...experimentMakers.slice(0, 1),
  createRun,
  createRun,
  createLoggedModel,
  createRegisteredModel,
];

const times = (count: number, maker: Maker): Maker[] => Array.from({ length: count }, () => maker);

const makers: readonly Maker[] = [
  ...experimentMakers,
  ...runMakers,
  ...runMakers,
  ...metricMakers,
  ...artifactMakers,
  ...loggedModelMakers,
  ...registryMakers,
  ...times(18, searchRuns),
  ...times(5, searchExperiments),
  ...times(7, searchLoggedModels),
  ...times(10, searchRegistry),
];

/** The next request of a sequence: mostly sound, sometimes with a required field missing. */
export function nextRequest(random: Random, plan: Plan): PlannedRequest {
  const request = random.pick(plan.time < 1015 ? beginning : makers)(random, plan);
  if (
    request.names !== undefined ||
    typeof request.body !== 'object' ||
    request.path.includes('logged-models/<') ||
    !random.chance(0.04)
  )
    return request;
  const entries = Object.entries(request.body as object);
  return { ...request, body: Object.fromEntries(entries.toSpliced(random.below(entries.length), 1)) };
}
