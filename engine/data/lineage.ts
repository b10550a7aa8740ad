import type Database from 'better-sqlite3';
import { BenchtopError, type DataKnownBy, type Lineage, type LineageNode } from '../../contract/index.ts';
import {
  modelVersion,
  runsUsing,
  versionsOfLoggedModel,
  versionsOfRun,
  versionsUsedBy,
} from '../registry/index.ts';
import { prepared } from '../store/index.ts';
import {
  artifactObjects,
  modelLinks,
  modelsLoggedBy,
  modelsReadBy,
  runsWithArtifact,
} from '../tracking/index.ts';

/** More than anybody reads at once. */
const nodesAtMost = 200;
const linksAtMost = 100;

type LineageStart =
  | { readonly version: string }
  | { readonly runId: string }
  | { readonly modelId: string }
  | { readonly registered: { readonly name: string; readonly version: number } };
type Edge = Lineage['edges'][number];
/** What is linked to a node: other nodes, and the edges between. */
interface Links {
  readonly nodes: LineageNode[];
  readonly edges: Edge[];
}

/**
 * Follows data, runs and models from one of them: upstream to what it came from, downstream to what came of it. Each way is
 * kept: what else came of its origins is not told.
 * @throws {BenchtopError} `not-found`.
 */
export function lineageOf(db: Database.Database, start: LineageStart): Lineage {
  const first = startNode(db, start);
  const nodes = new Map([[first.id, first]]);
  const edges = new Map<string, Edge>();
  let isCut = false;
  for (const way of ['up', 'down'] as const) {
    const seen = new Set([first.id]);
    const waiting = [first];
    for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
      const links = linksOf(db, node);
      for (const edge of links.edges) {
        const [here, there] = way === 'up' ? [edge.to, edge.from] : [edge.from, edge.to];
        const next = links.nodes.find(({ id }) => id === there);
        if (here !== node.id || next === undefined) continue;
        if (!nodes.has(next.id) && nodes.size >= nodesAtMost) {
          isCut = true;
          continue;
        }
        nodes.set(next.id, next);
        edges.set(`${edge.from} ${edge.to}`, edge);
        if (seen.has(next.id)) continue;
        seen.add(next.id);
        waiting.push(next);
      }
    }
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()], isCut };
}

function startNode(db: Database.Database, start: LineageStart): LineageNode {
  if ('version' in start) {
    const node = dataNode(db, start.version);
    if (node !== null) return node;
    throw new BenchtopError({ code: 'not-found', what: `There is no data version ${start.version}.` });
  }
  if ('runId' in start) {
    const node = runNode(db, start.runId);
    if (node !== null) return node;
    throw new BenchtopError({ code: 'not-found', what: `There is no run ${start.runId}.` });
  }
  if ('registered' in start) {
    const { name, version } = start.registered;
    const found = modelVersion(db, name, version);
    if (found !== undefined) return modelNode(linkedVersion(found));
    throw new BenchtopError({ code: 'not-found', what: `${name} has no version ${version}.` });
  }
  const model = modelLinks(db, start.modelId);
  if (model !== null) return modelNode(namedAsRegistered(db, model));
  throw new BenchtopError({ code: 'not-found', what: `There is no logged model ${start.modelId}.` });
}

function linksOf(db: Database.Database, node: LineageNode): Links {
  switch (node.kind) {
    case 'data':
      return linksOfData(db, node.id);
    case 'run':
      return linksOfRun(db, node.id);
    case 'model':
      return linksOfModel(db, node.id);
  }
}

function linksOfData(db: Database.Database, version: string): Links {
  const rows = prepared(
    db,
    `SELECT r.run_id AS runId, d.role, d.known_by AS knownBy FROM run_data d JOIN run r ON r.id = d.run
     WHERE d.data_set IN (SELECT data_set FROM data_moment WHERE version = ?) AND d.version = ? AND r.deleted_at IS NULL
     ORDER BY r.id LIMIT ${linksAtMost}`,
  ).all(version, version) as { runId: string; role: 'input' | 'output'; knownBy: string }[];
  const object = prepared(db, 'SELECT only_object FROM data_version WHERE id = ?').pluck().get(version) as
    | string
    | null;
  const makers = object === null ? [] : makersOf(db, version, object);
  const found = [...rows.map(({ runId }) => runId), ...makers.map(({ from }) => from)];
  return {
    nodes: found.flatMap((runId) => runNode(db, runId) ?? []),
    edges: [...makers, ...rows.map(({ runId, role, knownBy }) => dataEdge(runId, role, version, knownBy))],
  };
}

/** Runs that kept the very same content: the first of them made it, later ones made it again. */
function makersOf(db: Database.Database, version: string, objectId: string): Edge[] {
  const [maker] = runsWithArtifact(db, objectId);
  return maker === undefined
    ? []
    : [{ from: maker.runId, to: version, because: `The run wrote the same content as ${maker.path}.` }];
}

function linksOfRun(db: Database.Database, runId: string): Links {
  const rows = prepared(
    db,
    `SELECT version, role, known_by AS knownBy FROM run_data
     WHERE run = (SELECT id FROM run WHERE run_id = ?) AND version IS NOT NULL LIMIT ${linksAtMost}`,
  ).all(runId) as { version: string; role: 'input' | 'output'; knownBy: string }[];
  const made = artifactObjects(db, runId).flatMap(({ objectId }) => {
    const version = prepared(db, 'SELECT id FROM data_version WHERE only_object = ? LIMIT 1')
      .pluck()
      .get(objectId) as string | undefined;
    return version === undefined ? [] : makersOf(db, version, objectId).filter(({ from }) => from === runId);
  });
  const models = [
    ...modelsLoggedBy(db, runId).map((model) => namedAsRegistered(db, model)),
    ...versionsOfRun(db, runId)
      .filter(({ modelId }) => modelId === '')
      .map(linkedVersion),
  ];
  const read = [
    ...modelsReadBy(db, runId).map((model) => namedAsRegistered(db, model)),
    ...versionsUsedBy(db, runId).map(linkedVersion),
  ];
  return {
    nodes: [
      ...[...rows.map(({ version }) => version), ...made.map(({ to }) => to)].flatMap(
        (version) => dataNode(db, version) ?? [],
      ),
      ...[...models, ...read].map(modelNode),
    ],
    edges: [
      ...rows.map(({ version, role, knownBy }) => dataEdge(runId, role, version, knownBy)),
      ...made,
      ...models.map(({ modelId }) => ({ from: runId, to: modelId, because: 'The run made the model.' })),
      ...read.map(({ modelId }) => ({ from: modelId, to: runId, because: 'The run read the model.' })),
    ],
  };
}

interface LinkedModel {
  readonly modelId: string;
  readonly name: string;
  readonly registered: readonly { readonly name: string; readonly version: number }[];
}

/** A registered version is its logged model, under its own name; one without a logged model behind it stands for itself. */
const linkedVersion = (version: { modelId: string; name: string; version: number }): LinkedModel => ({
  modelId: version.modelId === '' ? `${version.name}/${version.version}` : version.modelId,
  name: `${version.name}, version ${version.version}`,
  registered: [{ name: version.name, version: version.version }],
});

function namedAsRegistered(
  db: Database.Database,
  { modelId, name }: Pick<LinkedModel, 'modelId' | 'name'>,
): LinkedModel {
  const versions = versionsOfLoggedModel(db, modelId).map(linkedVersion);
  return {
    modelId,
    name: versions.length === 0 ? name : versions.map((version) => version.name).join('; '),
    registered: versions.flatMap(({ registered }) => registered),
  };
}

function linksOfModel(db: Database.Database, modelId: string): Links {
  const model = makersAndReaders(db, modelId);
  if (model === null) return { nodes: [], edges: [] };
  const readBy = [...new Set(model.readBy)];
  return {
    nodes: [model.madeBy, ...readBy].flatMap((runId) => runNode(db, runId) ?? []),
    edges: [
      { from: model.madeBy, to: modelId, because: 'The run made the model.' },
      ...readBy.map((runId) => ({ from: modelId, to: runId, because: 'The run read the model.' })),
    ],
  };
}

function makersAndReaders(
  db: Database.Database,
  modelId: string,
): { madeBy: string; readBy: readonly string[] } | null {
  const logged = modelLinks(db, modelId);
  if (logged !== null) {
    const users = versionsOfLoggedModel(db, modelId).flatMap(({ name, version }) =>
      runsUsing(db, name, version),
    );
    return { madeBy: logged.madeBy, readBy: [...logged.readBy, ...users] };
  }
  const slash = modelId.lastIndexOf('/');
  const found = modelVersion(db, modelId.slice(0, slash), Number(modelId.slice(slash + 1)));
  return found === undefined
    ? null
    : { madeBy: found.runId, readBy: runsUsing(db, found.name, found.version) };
}

const knownByWords: Readonly<Record<DataKnownBy, string>> = {
  declared: 'declared',
  logged: 'logged through MLflow',
  named: 'named in the command or its script',
  observed: 'seen open',
};

function dataEdge(runId: string, role: 'input' | 'output', version: string, knownBy: string): Edge {
  const words = (JSON.parse(knownBy) as DataKnownBy[]).map((each) => knownByWords[each]).join(', ');
  return role === 'input'
    ? { from: version, to: runId, because: `The run read it: ${words}.` }
    : { from: runId, to: version, because: `The run wrote it: ${words}.` };
}

const modelNode = ({ modelId, name, registered }: LinkedModel): LineageNode => ({
  kind: 'model',
  id: modelId,
  name,
  registered: [...registered],
});

function runNode(db: Database.Database, runId: string): LineageNode | null {
  const row = prepared(db, 'SELECT name, status FROM run WHERE run_id = ? AND deleted_at IS NULL').get(
    runId,
  ) as { name: string; status: string } | undefined;
  return row === undefined ? null : { kind: 'run', id: runId, ...row };
}

function dataNode(db: Database.Database, version: string): LineageNode | null {
  const row = prepared(
    db,
    `SELECT s.path, s.id AS dataSetId FROM data_moment m JOIN data_set s ON s.id = m.data_set
     WHERE m.version = ? ORDER BY m.id LIMIT 1`,
  ).get(version) as { path: string; dataSetId: number } | undefined;
  return row === undefined ? null : { kind: 'data', id: version, ...row };
}
