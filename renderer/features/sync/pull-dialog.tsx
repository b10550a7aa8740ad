import { NativeSelect, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import tables from '../../ui/table.module.css';
import { outboxKey } from './sync-text.ts';
import type { TeamModel } from './team-model.ts';

/** Fetches a version of the team's: as a version here, as a folder, or both. Nothing changes at the target. */
export function PullDialog({ model, onClose }: { model: TeamModel; onClose: () => void }) {
  const { name, target, versions, aliases } = model;
  const choices = [
    ...aliases.map(({ alias, version }) => ({ value: `@${alias}`, label: `${alias} · version ${version}` })),
    ...versions.map(({ version }) => ({ value: `/${version}`, label: `version ${version}` })),
  ];
  const [which, setWhich] = useState(
    choices.find(({ value }) => value === '@champion')?.value ?? choices[0]?.value,
  );
  const [registerAs, setRegisterAs] = useState(name);
  const [destination, setDestination] = useState('');
  const pull = useMutation({
    mutationFn: () =>
      engine.sync.pull({
        target,
        model: `${name}${which ?? ''}`,
        ...(registerAs.trim() === '' ? {} : { registerAs: registerAs.trim() }),
        ...(destination.trim() === '' ? {} : { destination: destination.trim() }),
      }),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: outboxKey });
    },
  });
  return (
    <FormDialog
      title={`Pull ${name} from ${target}`}
      widthPx={480}
      submit="Pull"
      isReady={which !== undefined}
      isPending={pull.isPending}
      isSubmitFocused
      error={pull.error}
      onSubmit={() => pull.mutate()}
      onClose={onClose}
    >
      <NativeSelect
        size="xs"
        label="Which"
        data={choices}
        value={which ?? ''}
        onChange={(event) => setWhich(event.currentTarget.value)}
      />
      <TextInput
        size="xs"
        label="Becomes a version here of"
        description="With where it comes from in its history. Empty: it is only kept."
        value={registerAs}
        spellCheck={false}
        onChange={(event) => setRegisterAs(event.currentTarget.value)}
      />
      <TextInput
        size="xs"
        label="Written to the folder"
        description="A path at which nothing is yet. Empty: no folder."
        value={destination}
        spellCheck={false}
        onChange={(event) => setDestination(event.currentTarget.value)}
      />
      <p className={tables.quiet}>Each file is verified. Nothing changes at {target}.</p>
    </FormDialog>
  );
}
