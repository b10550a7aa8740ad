import { Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { cardQuestions, type CardAnswers, type ModelCard } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import { showUndo } from '../../app/show-undo.tsx';
import forms from '../../ui/form-dialog.module.css';
import { FormDialog } from '../../ui/form-dialog.tsx';
import styles from './models.module.css';
import { modelsKey } from './use-models.ts';

const [intendedUse, limitations, licence] = cardQuestions;

/** The three things that no record knows, each with the reason why it is asked. */
export function CardAnswersDialog({ card, onClose }: { card: ModelCard; onClose: () => void }) {
  const { name, version, answers: before, baseModel } = card;
  const [answers, setAnswers] = useState<CardAnswers>(before);
  const field = (key: keyof CardAnswers) => ({
    size: 'xs' as const,
    value: answers[key],
    onChange: (event: { currentTarget: { value: string } }) =>
      setAnswers({ ...answers, [key]: event.currentTarget.value }),
  });
  const save = useMutation({
    mutationFn: () => engine.registry.answerCard({ name, version, answers }),
    async onSuccess() {
      onClose();
      showUndo(`The card of version ${version} was answered.`, modelsKey, () =>
        engine.registry.answerCard({ name, version, answers: before }),
      );
      await queryClient.invalidateQueries({ queryKey: modelsKey });
    },
  });
  return (
    <FormDialog
      title={`The card of version ${version}`}
      widthPx={560}
      submit="Save"
      isPending={save.isPending}
      error={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      {card.answersOf === null ? null : (
        <p className={forms.about}>
          These are the answers for version {card.answersOf}. Saved, they are this version’s own.
        </p>
      )}
      <Textarea
        label={intendedUse.question}
        description={intendedUse.why}
        autosize
        minRows={2}
        maxRows={8}
        {...field('intendedUse')}
        data-autofocus
      />
      <Textarea
        label={limitations.question}
        description={limitations.why}
        autosize
        minRows={2}
        maxRows={8}
        {...field('limitations')}
      />
      <fieldset className={styles.question}>
        <legend>{licence.question}</legend>
        <p className={forms.about}>{licence.why}</p>
        <TextInput label="Licence" placeholder="apache-2.0" spellCheck={false} {...field('license')} />
        <TextInput label="Contact" placeholder="ada@example.org" spellCheck={false} {...field('contact')} />
        {baseModel === null ? null : (
          <TextInput
            label={`Licence of the base model ${baseModel.name}`}
            description={
              baseModel.licensedBy === null
                ? 'No record tells it; it has to allow this one.'
                : `As ${baseModel.licensedBy} tells it: ${baseModel.license}.`
            }
            spellCheck={false}
            {...field('baseLicense')}
          />
        )}
      </fieldset>
    </FormDialog>
  );
}
