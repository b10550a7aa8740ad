import { posix } from 'node:path';
import { Document, isScalar, YAMLSeq } from 'yaml';
import type { ProposedStage } from '../../../contract/index.ts';

/** The benchtop.yaml of proposed stages, each path with how it is known. */
export function proposalText(stages: readonly ProposedStage[]): string {
  const document = new Document({ stages: {} });
  document.commentBefore =
    ' Proposed by Benchtop after the runs of this project. Look through it: "guessed" is only named in a script.';
  for (const stage of stages) {
    const seen = (path: string) => posix.relative(stage.workingFolder, path) || '.';
    const paths = (list: ProposedStage['deps']) => {
      const sequence = new YAMLSeq();
      for (const { path, known } of list) {
        const scalar = document.createNode(escaped(seen(path)));
        if (isScalar(scalar)) scalar.comment = ` ${known}`;
        sequence.add(scalar);
      }
      return sequence;
    };
    document.setIn(
      ['stages', stage.name],
      document.createNode({
        ...(stage.workingFolder === '.' ? {} : { wdir: stage.workingFolder }),
        cmd: escaped(stage.command),
      }),
    );
    if (stage.deps.length > 0) document.setIn(['stages', stage.name, 'deps'], paths(stage.deps));
    if (stage.outs.length > 0) document.setIn(['stages', stage.name, 'outs'], paths(stage.outs));
  }
  return document.toString({ lineWidth: 0 });
}

/** `${` is the shell's own here, and no template. */
const escaped = (text: string): string => text.replaceAll('${', '\\${');
