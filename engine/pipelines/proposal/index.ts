export { createProposals, type ProposalsOptions } from './create-proposals.ts';
