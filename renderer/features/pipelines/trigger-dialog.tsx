import { Checkbox, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Trigger, TriggerCondition, TriggerSettings } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { ConditionFields, newCondition } from './condition-fields.tsx';
import styles from './trigger-dialog.module.css';

const minuteMs = 60_000;
const kinds = [
  { value: 'time', label: 'at times' },
  { value: 'files', label: 'when a file or folder has changed' },
  { value: 'data', label: 'when a data set has a new version' },
  { value: 'pipeline', label: 'when another pipeline has ended' },
  { value: 'monitor', label: 'when a monitor opens an incident' },
] as const;
const busyChoices = [
  { value: 'queue', label: 'starts after it has ended' },
  { value: 'skip', label: 'does not start' },
  { value: 'replace', label: 'cancels it and starts' },
] as const;

const initial = (): TriggerSettings => ({
  name: 'nightly',
  condition: { kind: 'time', cron: '0 3 * * *' },
  stages: [],
  isForced: false,
  isEnabled: true,
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  quietHours: null,
  isOnlyOnMains: false,
  coolDownMs: 0,
  whenBusy: 'queue',
});

/** Adds a trigger, or changes one. */
export function TriggerDialog({
  projectId,
  trigger,
  onClose,
}: {
  projectId: string;
  /** Null for a new one. */
  trigger: Trigger | null;
  onClose: () => void;
}) {
  const [settings, setSettings] = useState<TriggerSettings>(trigger ?? initial);
  const set = (change: Partial<TriggerSettings>) => setSettings((before) => ({ ...before, ...change }));
  const { name, condition, timeZone, quietHours, isOnlyOnMains, coolDownMs, whenBusy, isForced } = settings;
  const [stages, setStages] = useState(settings.stages.join(', '));
  const save = useMutation({
    mutationFn: () => {
      const { isEnabled } = settings;
      const said = {
        name,
        condition,
        stages: stages
          .split(',')
          .map((stage) => stage.trim())
          .filter((stage) => stage !== ''),
        isForced,
        isEnabled,
        timeZone,
        quietHours,
        isOnlyOnMains,
        coolDownMs,
        whenBusy,
      };
      return trigger === null
        ? engine.pipelines.addTrigger({ projectId, ...said })
        : engine.pipelines.changeTrigger({ triggerId: trigger.id, change: said });
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['executions'] });
      onClose();
    },
  });
  return (
    <FormDialog
      title={trigger === null ? 'Add a trigger' : `Edit ${trigger.name}`}
      widthPx={520}
      submit={trigger === null ? 'Add' : 'Save'}
      isPending={save.isPending}
      error={save.error}
      isReady={name.trim() !== ''}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        value={name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        data-autofocus
      />
      <NativeSelect
        size="xs"
        label="Starts"
        data={[...kinds]}
        value={condition.kind}
        onChange={(event) =>
          set({ condition: newCondition(event.currentTarget.value as TriggerCondition['kind']) })
        }
      />
      <ConditionFields
        condition={condition}
        timeZone={timeZone}
        projectId={projectId}
        onCondition={(next) => set({ condition: next })}
        onTimeZone={(next) => set({ timeZone: next })}
      />
      <TextInput
        label="Stages"
        description={`Separated by commas; all of the pipeline when empty.${isForced ? '' : ' What is up to date does not run.'}`}
        value={stages}
        onChange={(event) => setStages(event.currentTarget.value)}
      />
      <NativeSelect
        size="xs"
        label="While the pipeline runs"
        data={[...busyChoices]}
        value={whenBusy}
        onChange={(event) => set({ whenBusy: event.currentTarget.value as TriggerSettings['whenBusy'] })}
      />
      <NumberInput
        size="xs"
        label="At least so many minutes after its last start"
        min={0}
        value={Math.round(coolDownMs / minuteMs)}
        onChange={(value) => set({ coolDownMs: Math.max(0, Number(value)) * minuteMs })}
      />
      <Checkbox
        size="xs"
        label="Quiet hours"
        checked={quietHours !== null}
        onChange={(event) =>
          set({ quietHours: event.currentTarget.checked ? { from: '22:00', to: '07:00' } : null })
        }
      />
      {quietHours === null ? null : (
        <div className={styles.pair}>
          <TextInput
            type="time"
            label="From"
            value={quietHours.from}
            onChange={(event) => set({ quietHours: { ...quietHours, from: event.currentTarget.value } })}
          />
          <TextInput
            type="time"
            label="To"
            value={quietHours.to}
            onChange={(event) => set({ quietHours: { ...quietHours, to: event.currentTarget.value } })}
          />
        </div>
      )}
      <Checkbox
        size="xs"
        label="Run also what is up to date"
        checked={isForced}
        onChange={(event) => set({ isForced: event.currentTarget.checked })}
      />
      <Checkbox
        size="xs"
        label="Only on mains"
        checked={isOnlyOnMains}
        onChange={(event) => set({ isOnlyOnMains: event.currentTarget.checked })}
      />
    </FormDialog>
  );
}
