import { Button, Checkbox, NativeSelect, NumberInput, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SyncTarget, TargetKind } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import { showUndo } from '../../app/show-undo.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import tables from '../../ui/table.module.css';
import { kindNames, outboxKey, probeText } from './sync-text.ts';

const kilobyte = 1000;
const addressWords = {
  mlflow: ['Address', 'https://mlflow.example.com'],
  folder: ['Path', '/mnt/team/models'],
  git: ['Address', 'git@example.com:team/project.git'],
} as const satisfies Record<TargetKind, readonly [label: string, example: string]>;
const authNames = [
  { value: 'none', label: 'nothing' },
  { value: 'token', label: 'a token' },
  { value: 'basic', label: 'a user and a password' },
] as const;

/** Adds a target, or changes one; it can be tried before. */
export function TargetDialog({
  target,
  onClose,
}: {
  /** Null for a new one. */
  target: SyncTarget | null;
  onClose: () => void;
}) {
  const [name, setName] = useState(target?.name ?? '');
  const [kind, setKind] = useState<TargetKind>(target?.kind ?? 'mlflow');
  const [address, setAddress] = useState(target?.address ?? '');
  const [auth, setAuth] = useState<SyncTarget['auth']>(target?.auth ?? 'none');
  const [user, setUser] = useState(target?.user ?? '');
  const [secret, setSecret] = useState('');
  const [caPath, setCaPath] = useState(target?.caPath ?? '');
  const [limit, setLimit] = useState<number | null>(
    target === null || target.maxBytesPerSecond === null
      ? null
      : Math.round(target.maxBytesPerSecond / kilobyte),
  );
  const [pausesOnMetered, setPausesOnMetered] = useState(target?.pausesOnMetered ?? true);
  const { data: others = [] } = useQuery({
    queryKey: [...outboxKey, 'targets'],
    queryFn: () => engine.sync.targets({}),
  });
  const isTaken = target === null && others.some((other) => other.name === name.trim());
  const isServer = kind === 'mlflow';
  const settings = {
    auth: isServer ? auth : ('none' as const),
    user: auth === 'basic' && isServer ? user.trim() : null,
    ...(secret === '' ? {} : { secret }),
    caPath: isServer && caPath.trim() !== '' ? caPath.trim() : null,
    maxBytesPerSecond: limit === null ? null : Math.max(1024, limit * kilobyte),
    pausesOnMetered,
  };
  const attempt = useMutation({
    mutationFn: () =>
      engine.sync.tryTarget({
        kind,
        address: address.trim(),
        ...settings,
        ...(target !== null && secret === '' && auth === target.auth && auth !== 'none'
          ? { secretOf: target.name }
          : {}),
      }),
  });
  const save = useMutation({
    mutationFn: () =>
      target === null
        ? engine.sync.addTarget({ name: name.trim(), kind, address: address.trim(), ...settings })
        : engine.sync.changeTarget({ target: target.name, change: settings }),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: outboxKey });
      // A secret that was replaced is gone: there is no way back from that.
      if (target === null || secret !== '') return;
      showUndo(`${target.name} was changed.`, outboxKey, () =>
        engine.sync.changeTarget({ target: target.name, change: formerSettings(target) }),
      );
    },
  });
  const [addressLabel, example] = addressWords[kind];
  return (
    <FormDialog
      title={target === null ? 'Add a target' : `Edit ${target.name}`}
      widthPx={520}
      submit={target === null ? 'Add' : 'Save'}
      isReady={name.trim() !== '' && address.trim() !== '' && !isTaken}
      isPending={save.isPending}
      error={save.error}
      beside={
        <Button loading={attempt.isPending} disabled={address.trim() === ''} onClick={() => attempt.mutate()}>
          Test
        </Button>
      }
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      {target === null ? (
        <>
          <NativeSelect
            size="xs"
            label="Kind"
            data={Object.entries(kindNames).map(([value, label]) => ({ value, label }))}
            value={kind}
            onChange={(event) => {
              const next = event.currentTarget.value as TargetKind;
              setKind(next);
              setPausesOnMetered(next !== 'folder');
            }}
          />
          <TextInput
            size="xs"
            label={addressLabel}
            placeholder={example}
            value={address}
            spellCheck={false}
            onChange={(event) => setAddress(event.currentTarget.value)}
            data-autofocus
          />
          <TextInput
            size="xs"
            label="Name"
            description="Letters, digits, . _ and -"
            placeholder="team"
            error={isTaken ? 'There is a target of this name.' : undefined}
            value={name}
            spellCheck={false}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        </>
      ) : (
        <p className={tables.quiet}>
          {kindNames[kind]} at <code>{address}</code>
        </p>
      )}
      {isServer ? (
        <>
          <NativeSelect
            size="xs"
            label="It knows you by"
            data={[...authNames]}
            value={auth}
            onChange={(event) => setAuth(event.currentTarget.value as SyncTarget['auth'])}
          />
          {auth === 'basic' ? (
            <TextInput
              size="xs"
              label="User"
              value={user}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setUser(event.currentTarget.value)}
            />
          ) : null}
          {auth === 'none' ? null : (
            <PasswordInput
              size="xs"
              label={auth === 'token' ? 'Token' : 'Password'}
              description={`Kept in the system’s keychain where this window has one, else unsealed in a file that only you can read.${target === null || target.auth === 'none' ? '' : ' Empty: the one that is kept.'}`}
              value={secret}
              autoComplete="off"
              visibilityToggleButtonProps={{ 'aria-label': 'Show it' }}
              onChange={(event) => setSecret(event.currentTarget.value)}
            />
          )}
          <TextInput
            size="xs"
            label="Own certificates"
            description="A PEM file that is trusted beside the usual ones; empty for none."
            value={caPath}
            spellCheck={false}
            onChange={(event) => setCaPath(event.currentTarget.value)}
          />
        </>
      ) : null}
      {kind === 'git' ? null : (
        <NumberInput
          size="xs"
          label="At most so many kB a second"
          description="Empty: as fast as it goes."
          min={2}
          allowDecimal={false}
          value={limit ?? ''}
          onChange={(value) => setLimit(typeof value === 'number' ? value : null)}
        />
      )}
      <Checkbox
        size="xs"
        label="Pause while the system says that the network is metered"
        checked={pausesOnMetered}
        onChange={(event) => setPausesOnMetered(event.currentTarget.checked)}
      />
      {attempt.error === null ? null : <ErrorNotice error={attempt.error} />}
      {attempt.data === undefined ? null : (
        <p className={tables.quiet} role="status">
          {probeText(kind, attempt.data)}. {attempt.data.notices.join('; ')}
        </p>
      )}
    </FormDialog>
  );
}

const formerSettings = ({
  auth,
  user,
  caPath,
  maxBytesPerSecond,
  pausesOnMetered,
}: SyncTarget): Pick<SyncTarget, 'auth' | 'user' | 'caPath' | 'maxBytesPerSecond' | 'pausesOnMetered'> => ({
  auth,
  user,
  caPath,
  maxBytesPerSecond,
  pausesOnMetered,
});
