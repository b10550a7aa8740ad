import type Database from 'better-sqlite3';
import { modelStages, type ModelStage } from '../../contract/index.ts';
import { modelVersion, registeredModel, type ModelVersion, type RegisteredModel } from '../registry/index.ts';
import { invalid, missing } from './mlflow-error.ts';
import { checkRegisteredName, versionNumber } from './names.ts';

/** A registered model by the name of a request. @throws {MlflowError} */
export function registeredModelOf(db: Database.Database, name: string): RegisteredModel {
  checkRegisteredName(name);
  const model = registeredModel(db, name);
  if (model === undefined) throw missing(`Registered Model with name=${name} not found`);
  return model;
}

/** A model version by the name and number of a request. @throws {MlflowError} */
export function versionOf(db: Database.Database, name: string, version: string): ModelVersion {
  checkRegisteredName(name);
  const number = versionNumber(version);
  const found = modelVersion(db, name, number);
  if (found === undefined) throw missing(`Model Version (name=${name}, version=${number}) not found`);
  return found;
}

export const canonicalStage = (text: string): ModelStage => {
  const stage = modelStages.find((own) => own.toLowerCase() === text.toLowerCase());
  if (stage === undefined)
    throw invalid(`Invalid Model Version stage: ${text}. Value must be one of ${modelStages.join(', ')}.`);
  return stage;
};
