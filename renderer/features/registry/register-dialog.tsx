import { Autocomplete, Textarea } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { ModelCandidate } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { modelPath } from '../../app/model-path.ts';
import { queryClient } from '../../app/query-client.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { modelsKey, useModel } from './use-models.ts';

const suggestedAtMost = 100;

/** Registers a model of a run as the next version of a name; Enter is enough. */
export function RegisterDialog({
  runId,
  projectId,
  candidate,
  onClose,
}: {
  runId: string;
  /** Where the model is looked at then. */
  projectId: string | null;
  candidate: ModelCandidate;
  onClose: () => void;
}) {
  const [, navigate] = useLocation();
  const [name, setName] = useState(candidate.suggestedName);
  const [description, setDescription] = useState('');
  const { data } = useQuery({
    queryKey: [...modelsKey, 'names', name],
    queryFn: () => engine.registry.models({ text: name, limit: suggestedAtMost }),
    placeholderData: keepPreviousData,
  });
  const models = data?.models ?? [];
  const { data: known } = useModel(name);
  const register = useMutation({
    mutationFn: () =>
      engine.registry.register({
        runId,
        model: candidate.modelId === null ? { path: candidate.path } : { modelId: candidate.modelId },
        name,
        description,
      }),
    onSuccess: async ({ version }) => {
      await queryClient.invalidateQueries({ queryKey: modelsKey });
      onClose();
      if (projectId !== null) navigate(`${modelPath(projectId, name)}?version=${version}`);
    },
  });
  return (
    <FormDialog
      title={`Register ${candidate.path}`}
      widthPx={480}
      submit="Register"
      isPending={register.isPending}
      error={register.error}
      isReady={name.trim() !== ''}
      isSubmitFocused
      onSubmit={() => register.mutate()}
      onClose={onClose}
    >
      <Autocomplete
        size="xs"
        label="As"
        description={
          known === undefined
            ? 'A new model, version 1.'
            : `Version ${(known.latest?.version ?? 0) + 1} or later of a model with ${known.versionCount}.`
        }
        data={models.map((model) => model.name)}
        value={name}
        onChange={setName}
      />
      <Textarea
        size="xs"
        label="Description"
        autosize
        minRows={2}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
