import { Autocomplete, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ModelVersion, RegisteredModel } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import { showUndo } from '../../app/show-undo.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { MetricDeltas } from './metric-deltas.tsx';
import { SignatureVerdict } from './signature-verdict.tsx';
import { modelsKey } from './use-models.ts';

/** Gives an alias to a version. What speaks for it and against it stands above the button. */
export function PromoteDialog({
  version,
  versions,
  aliases,
  onClose,
}: {
  version: ModelVersion;
  versions: readonly ModelVersion[];
  aliases: RegisteredModel['aliases'];
  onClose: () => void;
}) {
  const { name, version: number } = version;
  const [alias, setAlias] = useState('champion');
  const [reason, setReason] = useState('');
  const holder = aliases.find((each) => each.alias === alias)?.version;
  const before = versions.find((each) => each.version === holder);
  const promote = useMutation({
    mutationFn: () => engine.registry.promote({ name, version: number, alias, reason }),
    onSuccess: async ({ previousVersion }) => {
      onClose();
      const why = 'undo of a promotion';
      showUndo(`Version ${number} is ${alias}.`, modelsKey, () =>
        previousVersion === null
          ? engine.registry.removeAlias({ name, alias, reason: why })
          : engine.registry.rollback({ name, alias, reason: why }),
      );
      await queryClient.invalidateQueries({ queryKey: modelsKey });
    },
  });
  return (
    <FormDialog
      title={`Promote version ${number} of ${name}`}
      widthPx={560}
      submit={`Make it ${alias === 'champion' || alias === 'challenger' ? `the ${alias}` : alias}`}
      isPending={promote.isPending}
      error={promote.error}
      isReady={alias.trim() !== '' && holder !== number}
      onSubmit={() => promote.mutate()}
      onClose={onClose}
    >
      <Autocomplete
        size="xs"
        label="Becomes"
        description={
          holder === undefined
            ? 'No version has this alias now.'
            : holder === number
              ? 'It is that already.'
              : `Version ${holder} is that now.`
        }
        data={[...new Set(['champion', 'challenger', ...aliases.map((each) => each.alias)])]}
        value={alias}
        onChange={setAlias}
      />
      <MetricDeltas before={before} after={version} />
      {before === undefined || before.version === number ? null : (
        <SignatureVerdict name={name} before={before.version} after={number} />
      )}
      <Textarea
        size="xs"
        label="Why"
        description="Kept in the history, with these figures."
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  );
}
