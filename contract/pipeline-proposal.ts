import { z } from 'zod';
import { pipeline } from './pipelines.ts';
import { procedure } from './rpc/procedure.ts';

/**
 * How sure it is that a stage reads or writes a path: a person or a program said so, it was seen, or its name stands in the command or in
 * the script.
 */
export const proposalCertainty = z.enum(['declared', 'observed', 'guessed']);
export type ProposalCertainty = z.infer<typeof proposalCertainty>;

const path = z.object({ path: z.string(), known: proposalCertainty });

export const proposedStage = z.object({
  name: z.string(),
  command: z.string(),
  /** Relative to the project; `.` for its own folder. */
  workingFolder: z.string(),
  /** The run that shows it: the last that finished well with this program. */
  runId: z.string(),
  deps: z.array(path),
  outs: z.array(path),
});
export type ProposedStage = z.infer<typeof proposedStage>;

export const pipelineProposal = z.object({
  stages: z.array(proposedStage),
  /** One stage reads what another writes; as sure as the less sure of the two. */
  edges: z.array(z.object({ from: z.string(), to: z.string(), path: z.string(), known: proposalCertainty })),
  /** What was seen and is not proposed, and why, in words. */
  leftOut: z.array(z.string()),
  /** The benchtop.yaml that says all of it. */
  text: z.string(),
});
export type PipelineProposal = z.infer<typeof pipelineProposal>;

export const pipelineProposals = {
  proposal: procedure(
    'A pipeline as the runs of a project show it: which program reads what which other writes. Null when they show none.',
    z.object({ projectId: z.string() }),
    pipelineProposal.nullable(),
  ),
  saveProposal: procedure(
    'Writes a pipeline that a person has looked at as benchtop.yaml. Nothing that is there is ever written over.',
    z.object({ projectId: z.string(), text: z.string().min(1).max(1_000_000) }),
    pipeline,
  ),
};
