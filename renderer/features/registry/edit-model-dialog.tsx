import { Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { RegisteredModel } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { modelPath } from '../../app/model-path.ts';
import { queryClient } from '../../app/query-client.ts';
import { showUndo } from '../../app/show-undo.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { tagChange, tagLine } from '../tracking/index.ts';
import { modelsKey } from './use-models.ts';

/** Name, description and tags of a model; what was before is one press away. */
export function EditModelDialog({
  model,
  projectId,
  onClose,
}: {
  model: RegisteredModel;
  projectId: string;
  onClose: () => void;
}) {
  const [, navigate] = useLocation();
  const [name, setName] = useState(model.name);
  const [description, setDescription] = useState(model.description);
  const [tags, setTags] = useState(tagLine(model));
  const isRenamed = name.trim() !== model.name;
  const save = useMutation({
    mutationFn: () =>
      engine.registry.changeModel({
        name: model.name,
        ...(isRenamed ? { newName: name.trim() } : {}),
        ...(description === model.description ? {} : { description }),
        ...tagChange(model, tags),
      }),
    async onSuccess(changed) {
      onClose();
      if (isRenamed) navigate(modelPath(projectId, changed.name), { replace: true });
      showUndo(
        isRenamed ? `${model.name} is called ${changed.name} now.` : `${model.name} was changed.`,
        modelsKey,
        async () => {
          await engine.registry.changeModel({
            name: changed.name,
            ...(isRenamed ? { newName: model.name } : {}),
            ...(description === model.description ? {} : { description: model.description }),
            ...tagChange(changed, tagLine(model)),
            reason: 'undo',
          });
          if (isRenamed) navigate(modelPath(projectId, model.name), { replace: true });
        },
      );
      await queryClient.invalidateQueries({ queryKey: modelsKey });
    },
  });
  return (
    <FormDialog
      title={`Edit ${model.name}`}
      widthPx={480}
      submit="Save"
      isPending={save.isPending}
      error={save.error}
      isReady={name.trim() !== ''}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <TextInput
        size="xs"
        label="Name"
        description={
          isRenamed ? 'Programs that ask for the old name find nothing then.' : 'History goes along.'
        }
        value={name}
        spellCheck={false}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <Textarea
        size="xs"
        label="Description"
        autosize
        minRows={2}
        maxRows={10}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <TextInput
        size="xs"
        label="Tags"
        description="owner=ada, reviewed"
        value={tags}
        spellCheck={false}
        onChange={(event) => setTags(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
