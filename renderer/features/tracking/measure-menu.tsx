import { ActionIcon, Menu, TextInput } from '@mantine/core';
import { IconDots, IconEyeOff, IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { useChangeMeasureRule } from '../../app/use-measure-rules.ts';
import forms from '../../ui/form-dialog.module.css';
import { FormDialog } from '../../ui/form-dialog.tsx';
import type { RuledMeasure } from './ruled-measure.ts';

const icon = { size: 14, stroke: 1.5, 'aria-hidden': true };

/** What can be done about the name of a measure that was read: entries of a menu. */
export function MeasureItems({ measure, onRename }: { measure: RuledMeasure; onRename: () => void }) {
  const change = useChangeMeasureRule(measure.projectId);
  return (
    <>
      <Menu.Item leftSection={<IconPencil {...icon} />} onClick={onRename}>
        Rename in this project…
      </Menu.Item>
      <Menu.Item
        leftSection={<IconEyeOff {...icon} />}
        onClick={() => change.mutate({ name: measure.name, rule: { shownName: null } })}
      >
        Ignore in this project
      </Menu.Item>
    </>
  );
}

/** Asks for another name for a measure that was read. */
export function RenameMeasureDialog({ measure, onClose }: { measure: RuledMeasure; onClose: () => void }) {
  const [typed, setTyped] = useState(measure.shownName);
  const change = useChangeMeasureRule(measure.projectId);
  const shownName = typed.trim();
  return (
    <FormDialog
      title={`Rename ${measure.shownName}`}
      widthPx={420}
      submit="Rename"
      isReady={shownName !== ''}
      isPending={change.isPending}
      onSubmit={() => change.mutate({ name: measure.name, rule: { shownName } }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <TextInput
        aria-label="Name of the metric"
        value={typed}
        maxLength={250}
        spellCheck={false}
        onChange={(event) => setTyped(event.currentTarget.value)}
        data-autofocus
      />
      <p className={forms.about}>
        What is read as <code>{measure.name}</code> has this name in all runs of the project, those to come
        too.
      </p>
    </FormDialog>
  );
}

/** A small button with the entries, for a place without a menu of its own. */
export function MeasureMenu({ measure }: { measure: RuledMeasure }) {
  const [isRenaming, setRenaming] = useState(false);
  return (
    <>
      <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false} shadow="sm">
        <Menu.Target>
          <ActionIcon size={24} aria-label={`Menu of ${measure.shownName}`}>
            <IconDots {...icon} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <MeasureItems measure={measure} onRename={() => setRenaming(true)} />
        </Menu.Dropdown>
      </Menu>
      {isRenaming ? <RenameMeasureDialog measure={measure} onClose={() => setRenaming(false)} /> : null}
    </>
  );
}
