import { EmptyState } from '../../ui/empty-state.tsx';

const example = [
  'stages:',
  '  prepare:',
  '    cmd: python prepare.py',
  '    deps: [raw.csv]',
  '    outs: [clean.csv]',
  '  train:',
  '    cmd: python train.py',
  '    deps: [clean.csv]',
  '    outs: [model.json]',
].join('\n');

/** A project without a pipeline: what one is. */
export function NoPipeline() {
  return (
    <EmptyState title="No pipeline in this folder">
      <p>
        Looked for <code>benchtop.yaml</code> and <code>dvc.yaml</code> in the project’s folder. A pipeline is
        a list of stages, each with a command, what it reads and what it writes:
      </p>
      <pre>{example}</pre>
    </EmptyState>
  );
}
