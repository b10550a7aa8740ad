import { NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { chunkPeriods, type ChunkRule } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import styles from './monitoring.module.css';
import { monitorsKey } from './use-monitors.ts';
import { isWatchedWhole, nothingWatched, WatchedFieldset, watchedOf } from './watched-fields.tsx';

const cuts = [
  { value: 'file', label: 'each table of a folder' },
  { value: 'time', label: 'a table, by periods of time' },
  { value: 'rows', label: 'a table, by so many rows' },
] as const;
const schedules = [
  { value: 'none', label: 'by hand' },
  { value: 'watch', label: 'when the source has changed' },
  { value: 'cron', label: 'at times' },
] as const;

type Period = Extract<ChunkRule, { by: 'time' }>['every'];

/** Adds a monitor of the project, and goes to it. @param source a path to begin with */
export function AddMonitorDialog({
  projectId,
  source = '',
  onClose,
}: {
  projectId: string;
  source?: string;
  onClose: () => void;
}) {
  const [, navigate] = useLocation();
  const [fields, setFields] = useState({
    name: '',
    path: source,
    cut: 'file' as ChunkRule['by'],
    column: '',
    every: 'month' as Period,
    count: 10_000,
    reference: '',
    model: '',
    from: '',
    before: '',
    prediction: '',
    ignored: '',
    schedule: 'none' as (typeof schedules)[number]['value'],
    cron: '0 6 * * *',
  });
  const [watched, setWatched] = useState(nothingWatched);
  const set = (change: Partial<typeof fields>) => setFields((all) => ({ ...all, ...change }));
  const { name, path, cut, column, every, count, reference, from, before, prediction, ignored } = fields;
  const { model } = fields;
  const orNull = (text: string) => (text.trim() === '' ? null : text.trim());
  const add = useMutation({
    mutationFn: async () =>
      engine.monitoring.add({
        projectId,
        name,
        model: orNull(model),
        reference: {
          kind: 'file',
          path: reference.trim(),
          from: cut === 'time' ? orNull(from) : null,
          before: cut === 'time' ? orNull(before) : null,
        },
        source: {
          path: path.trim(),
          chunks:
            cut === 'file'
              ? { by: 'file' }
              : cut === 'rows'
                ? { by: cut, count }
                : { by: cut, column, every },
        },
        prediction: orNull(prediction),
        performance: watchedOf(watched),
        ignored: ignored
          .split(',')
          .map((each) => each.trim())
          .filter((each) => each !== ''),
        schedule:
          fields.schedule === 'none'
            ? null
            : fields.schedule === 'watch'
              ? { kind: 'files', path: path.trim() }
              : { kind: 'time', cron: fields.cron },
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      }),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: monitorsKey });
      navigate(`/projects/${projectId}/monitoring/${id}?run`);
    },
  });
  return (
    <FormDialog
      title="Add a monitor"
      widthPx={520}
      submit="Add and run"
      isReady={
        [name, path, reference, cut === 'time' ? column : 'none'].every((each) => each.trim() !== '') &&
        isWatchedWhole(watched)
      }
      isPending={add.isPending}
      error={add.error}
      onSubmit={() => add.mutate()}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        value={name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        data-autofocus
      />
      <div className={styles.pair}>
        <TextInput
          label="What is watched"
          description="A folder or a table, below the project or anywhere"
          value={path}
          spellCheck={false}
          onChange={(event) => set({ path: event.currentTarget.value })}
        />
        <NativeSelect
          size="xs"
          label="A chunk is"
          description="What is judged at once"
          data={[...cuts]}
          value={cut}
          onChange={(event) => set({ cut: event.currentTarget.value as ChunkRule['by'] })}
        />
      </div>
      {cut === 'time' ? (
        <div className={styles.pair}>
          <TextInput
            label="Column of times"
            value={column}
            spellCheck={false}
            onChange={(event) => set({ column: event.currentTarget.value })}
          />
          <NativeSelect
            size="xs"
            label="Period"
            data={[...chunkPeriods]}
            value={every}
            onChange={(event) => set({ every: event.currentTarget.value as Period })}
          />
        </div>
      ) : cut === 'rows' ? (
        <NumberInput
          size="xs"
          label="Rows"
          min={1}
          value={count}
          onChange={(value) => set({ count: Math.max(1, Math.round(Number(value))) })}
        />
      ) : null}
      <TextInput
        label="Reference"
        description="A table that is held to be right, such as the one a model was trained on"
        value={reference}
        spellCheck={false}
        onChange={(event) => set({ reference: event.currentTarget.value })}
      />
      {cut === 'time' ? (
        <div className={styles.pair}>
          <TextInput
            label="Only its rows from"
            placeholder="2013-01-01"
            value={from}
            onChange={(event) => set({ from: event.currentTarget.value })}
          />
          <TextInput
            label="And before"
            placeholder="2013-04-01"
            value={before}
            onChange={(event) => set({ before: event.currentTarget.value })}
          />
        </div>
      ) : null}
      <TextInput
        label="Registered model"
        description="Columns are then ranked by what they are to it too: late, late@champion or late/3"
        value={model}
        spellCheck={false}
        onChange={(event) => set({ model: event.currentTarget.value })}
      />
      <div className={styles.pair}>
        <TextInput
          label="Column of predictions"
          description="Where a model has its say; else empty"
          value={prediction}
          spellCheck={false}
          onChange={(event) => set({ prediction: event.currentTarget.value })}
        />
        <TextInput
          label="Columns to leave out"
          description="Separated by commas"
          value={ignored}
          spellCheck={false}
          onChange={(event) => set({ ignored: event.currentTarget.value })}
        />
      </div>
      <WatchedFieldset
        fields={watched}
        isCutByTime={cut === 'time'}
        onChange={(change) => setWatched((all) => ({ ...all, ...change }))}
      />
      <div className={styles.pair}>
        <NativeSelect
          size="xs"
          label="Runs"
          data={[...schedules]}
          value={fields.schedule}
          onChange={(event) => set({ schedule: event.currentTarget.value as typeof fields.schedule })}
        />
        {fields.schedule === 'cron' ? (
          <TextInput
            label="Minute, hour, day, month, weekday"
            value={fields.cron}
            spellCheck={false}
            onChange={(event) => set({ cron: event.currentTarget.value })}
          />
        ) : null}
      </div>
    </FormDialog>
  );
}
