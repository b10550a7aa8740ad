export {
  experimentJson,
  loggedModelJson,
  metricJson,
  modelVersionJson,
  registeredModelJson,
  runInfoJson,
  runJson,
} from './answers.ts';
export { queries } from './queries.ts';
