import type { PipelineStage } from '../../../contract/index.ts';
import type { BareStage } from './build-stage.ts';
import { createPathTree } from './path-tree.ts';

/** Something that writes a path: a stage, or a file that tracks data. */
interface Writer {
  readonly path: string;
  /** Null for data that no stage makes. */
  readonly stage: BareStage | null;
  /** Said of it in a message. */
  readonly name: string;
}

export interface JoinMistake {
  readonly stage: BareStage;
  /** The key that holds the path in question. */
  readonly key: 'outs' | 'deps';
  readonly path: string;
  readonly message: string;
  readonly fix: string;
}

/**
 * Joins stages where one reads what another writes, and orders them so that each comes after what it reads. Paths that two of
 * them write, and circles, are mistakes; the circle's last link is then left out of the order.
 */
export function joinStages(
  stages: readonly BareStage[],
  sources: readonly { file: string; path: string }[],
): { stages: PipelineStage[]; mistakes: JoinMistake[] } {
  const mistakes: JoinMistake[] = [];
  const written = createPathTree<Writer>();
  for (const { file, path } of sources) written.add(path, { path, stage: null, name: file });
  for (const stage of stages) {
    for (const { path } of stage.outputs) {
      const name = `stage "${stage.name}"`;
      const other = written.touching(path)[0];
      if (other !== undefined) {
        mistakes.push({
          stage,
          key: 'outs',
          path,
          message:
            other.path !== path
              ? `${nameOf(stage)} writes ${path}, which overlaps with ${other.path} of ${other.stage === stage ? 'its own' : other.name}.`
              : other.stage === stage
                ? `${nameOf(stage)} names its output ${path} twice.`
                : `${nameOf(stage)} and ${other.name} both write ${path}.`,
          fix: 'Give each stage paths of its own.',
        });
      }
      written.add(path, { path, stage, name });
    }
  }
  const upstream = new Map<BareStage, Set<BareStage>>();
  for (const stage of stages) {
    const before = new Set<BareStage>();
    for (const read of [...stage.deps, ...stage.params.map(({ file }) => file)])
      for (const writer of written.touching(read)) if (writer.stage !== null) before.add(writer.stage);
    upstream.set(stage, before);
  }
  const { order, circles } = ordered(stages, upstream);
  for (const circle of circles) {
    const [stage, next] = [circle.at(-2), circle.at(-1)];
    if (stage === undefined || next === undefined) continue;
    const path =
      stage.deps.find((dep) => written.touching(dep).some((writer) => writer.stage === next)) ?? '';
    const isOwn = stage === next;
    mistakes.push({
      stage,
      key: 'deps',
      path,
      message: isOwn
        ? `${nameOf(stage)} reads ${path}, which it writes itself.`
        : `The stages go in a circle: ${circle.map(({ name }) => name).join(' needs ')}.`,
      fix: isOwn ? 'Take it out of deps or of outs.' : 'Take one of these dependencies away.',
    });
  }
  const names = (stage: BareStage) =>
    [...(upstream.get(stage) ?? [])].filter((other) => other !== stage).map(({ name }) => name);
  return { stages: order.map((stage) => ({ ...stage, upstream: names(stage) })), mistakes };
}

const nameOf = (stage: BareStage): string => `Stage "${stage.name}"`;

/** Depth first from the first stage of the file on, so that the order stays near that of the file. */
function ordered(
  stages: readonly BareStage[],
  upstream: ReadonlyMap<BareStage, ReadonlySet<BareStage>>,
): { order: BareStage[]; circles: BareStage[][] } {
  const order: BareStage[] = [];
  const circles: BareStage[][] = [];
  const state = new Map<BareStage, 'open' | 'done'>();
  for (const start of stages) {
    if (state.has(start)) continue;
    state.set(start, 'open');
    const open = [{ stage: start, left: [...(upstream.get(start) ?? [])] }];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const next = top.left.shift();
      if (next === undefined) {
        state.set(top.stage, 'done');
        order.push(top.stage);
        open.pop();
      } else if (!state.has(next)) {
        state.set(next, 'open');
        open.push({ stage: next, left: [...(upstream.get(next) ?? [])] });
      } else if (state.get(next) === 'open') {
        const path = open.map(({ stage }) => stage);
        circles.push([...path.slice(path.indexOf(next)), next]);
      }
    }
  }
  return { order, circles };
}
