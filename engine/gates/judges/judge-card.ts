import { cardQuestions, type ModelCard } from '../../../contract/index.ts';
import { evidence, type Judgement } from '../judged-version.ts';

export type JudgedCard = Pick<ModelCard, 'name' | 'version' | 'missing' | 'answersOf' | 'baseModel'>;

/** Does the card have what a machine cannot know? The rest of it is made from the record. */
export function judgeCard({ name, version, missing, answersOf }: JudgedCard): Judgement {
  const open = cardQuestions.filter(({ id }) => missing.includes(id));
  if (open.length > 0)
    return {
      state: 'failed',
      what: `The model card leaves ${open.length} of ${cardQuestions.length} questions open: ${open.map(({ question }) => question).join(' ')}`,
      next: `Answer them: \`benchtop model card ${name}/${version}\`.`,
    };
  if (answersOf === null) return { state: 'passed', what: 'The model card has all it needs.' };
  return {
    state: 'warning',
    what: `The model card says what was said of version ${answersOf}.`,
    evidence: [evidence('Intended use, limitations and licence were not looked at again for this version.')],
    next: `See whether it still holds: \`benchtop model card ${name}/${version}\`.`,
  };
}
