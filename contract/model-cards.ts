import { z } from 'zod';
import { procedure } from './rpc/procedure.ts';

/** What a person says of a version. Everything else in a card is read from the record. */
export const cardAnswers = z.object({
  intendedUse: z.string().max(20_000).default(''),
  limitations: z.string().max(20_000).default(''),
  /** As Hugging Face spells licences: `mit`, `apache-2.0`, `other`. */
  license: z
    .string()
    .max(100)
    .regex(/^[a-z0-9.+-]*$/, 'A licence is written in small letters, as mit, apache-2.0 or other.')
    .default(''),
  contact: z.string().max(500).default(''),
  /** Under which licence the model is that training began with, where no record tells it. */
  baseLicense: z
    .string()
    .max(100)
    .regex(/^[a-z0-9.+-]*$/, 'A licence is written in small letters, as mit, apache-2.0 or other.')
    .default(''),
});
export type CardAnswers = z.infer<typeof cardAnswers>;

/** The three things that a machine cannot know, and why it cannot. */
export const cardQuestions = [
  {
    id: 'intended-use',
    fields: ['intendedUse'],
    question: 'What is it for, and who may use it?',
    why: 'The record shows what was trained and how well; what it is meant for is a decision.',
  },
  {
    id: 'limitations',
    fields: ['limitations'],
    question: 'What must it not be used for, and whom would it fail?',
    why: 'Metrics show where it is wrong on the data at hand; what that does to people outside of it is for people to judge.',
  },
  {
    id: 'licence',
    fields: ['license', 'contact'],
    question: 'Under which licence may others use it, and whom do they ask?',
    why: 'A licence is granted by whoever has the right to, not found in files; and somebody has to answer for it.',
  },
] as const satisfies readonly {
  id: string;
  fields: readonly (keyof CardAnswers)[];
  question: string;
  why: string;
}[];

/** The model that training began with. */
export const baseModel = z.object({
  name: z.string(),
  /** Where the name is from: a param of the run, or a file of the version. */
  namedBy: z.string(),
  /** Null where nobody tells. */
  license: z.string().nullable(),
  /** Who tells the licence; null where nobody does. */
  licensedBy: z.string().nullable(),
});
export type BaseModel = z.infer<typeof baseModel>;

/** How much a run computed, and what that may have taken. */
export const energyEstimate = z.object({
  cpuSeconds: z.number(),
  gpuSeconds: z.number(),
  kilowattHours: z.number(),
  /** What was assumed, with the formula. */
  formula: z.string(),
});
export type EnergyEstimate = z.infer<typeof energyEstimate>;

export const modelCard = z.object({
  name: z.string(),
  version: z.number(),
  /** YAML front matter and Markdown, as Hugging Face has model cards. */
  markdown: z.string(),
  answers: cardAnswers,
  /** The version before, where the answers are those that were given for it; null when they are this version's own, or there are none. */
  answersOf: z.number().nullable(),
  /** The questions that are not answered, by id. */
  missing: z.array(z.enum(['intended-use', 'limitations', 'licence'])),
  /** Null where nothing was measured. */
  energy: energyEstimate.nullable(),
  /** Null where training began with none, as far as is known. Its licence is asked for with this one’s where nobody tells it. */
  baseModel: baseModel.nullable(),
});
export type ModelCard = z.infer<typeof modelCard>;

export const cardLine = z.object({ kind: z.enum(['same', 'added', 'removed']), text: z.string() });
export type CardLine = z.infer<typeof cardLine>;

const byVersion = z.object({ name: z.string(), version: z.number().int().min(1) });

export const modelCards = {
  card: procedure('The card of a version, made from the record now.', byVersion, modelCard),
  answerCard: procedure(
    'Keeps what a person says of a version. Later versions begin with it.',
    byVersion.extend({ answers: cardAnswers }),
    modelCard,
  ),
  saveCard: procedure(
    'Writes the card into the folder of a project, as model-cards/<name>.md, to be kept in its repository. One that was changed by hand is written over only when asked to, and never where the change is in no commit.',
    byVersion.extend({
      /** That of the version’s run when left out. */
      projectId: z.string().optional(),
      overwrite: z.boolean().default(false),
    }),
    z.object({
      path: z.string(),
      /** Whether the last commit has the card as it was written; null where no repository is around the folder. */
      isCommitted: z.boolean().nullable(),
    }),
  ),
  compareCards: procedure(
    'What differs between the cards of two versions, line by line.',
    z.object({ before: byVersion, after: byVersion }),
    z.array(cardLine),
  ),
};
