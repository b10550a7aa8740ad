import { Button, Menu, TextInput } from '@mantine/core';
import { IconBookmark, IconCheck, IconLink } from '@tabler/icons-react';
import { useState } from 'react';
import { copyText } from '../../ui/copy-text.ts';
import forms from '../../ui/form-dialog.module.css';
import { FormDialog } from '../../ui/form-dialog.tsx';
import styles from './runs-page.module.css';
import { viewParams } from './runs-view.ts';
import type { useRunsView } from './use-runs-view.ts';

/** Saved views: open one, keep the present one under a name, take its address along. */
export function ViewMenu({ views }: { views: ReturnType<typeof useRunsView> }) {
  const { view, saved, current, open, save, remove } = views;
  const [naming, setNaming] = useState<{ id: string; name: string } | null>(null);
  const newId = () =>
    crypto.getRandomValues(new Uint32Array(2)).reduce((id, part) => id + part.toString(36), '');
  const copyLink = () => {
    const { origin, pathname } = globalThis.location;
    const params = viewParams(view);
    // Something must say that the address carries a view, also where all of it is plain.
    if (!params.has('order')) params.set('order', `${view.order.descending ? '-' : ''}${view.order.by}`);
    void copyText(`${origin}${pathname}?${params.toString()}`, 'the view’s address');
  };
  const sorted = [...saved].toSorted(([, one], [, other]) => one.name.localeCompare(other.name));
  return (
    <>
      <Menu position="bottom-end" offset={4} width={260}>
        <Menu.Target>
          <Button leftSection={<IconBookmark size={14} stroke={1.5} />} className={styles.view ?? ''}>
            <span className={styles.viewName}>
              {current === null ? 'Views' : `${current.name}${current.isChanged ? ', changed' : ''}`}
            </span>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {sorted.map(([id, { name }]) => (
            <Menu.Item
              key={id}
              onClick={() => open(id)}
              leftSection={
                id === current?.id ? (
                  <IconCheck size={14} stroke={1.5} />
                ) : (
                  <span className={styles.noCheck} />
                )
              }
            >
              {name}
            </Menu.Item>
          ))}
          <Menu.Item onClick={() => open(null)} leftSection={<span className={styles.noCheck} />}>
            All runs, plain
          </Menu.Item>
          <Menu.Divider />
          {current?.isChanged === true ? (
            <Menu.Item onClick={() => save(current.id, current.name, view)}>Save “{current.name}”</Menu.Item>
          ) : null}
          <Menu.Item onClick={() => setNaming({ id: newId(), name: '' })}>Save as a new view…</Menu.Item>
          {current === null ? null : (
            <Menu.Item onClick={() => setNaming({ id: current.id, name: current.name })}>
              Rename “{current.name}”…
            </Menu.Item>
          )}
          {current === null ? null : (
            <Menu.Item onClick={() => remove(current.id)}>Remove “{current.name}”</Menu.Item>
          )}
          <Menu.Item leftSection={<IconLink size={14} stroke={1.5} />} onClick={copyLink}>
            Copy the address of this view
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {naming === null ? null : (
        <FormDialog
          title="Name of the view"
          widthPx={420}
          submit="Save"
          isReady={naming.name.trim() !== ''}
          onSubmit={() => {
            save(naming.id, naming.name.trim().slice(0, 100), view);
            setNaming(null);
          }}
          onClose={() => setNaming(null)}
        >
          <TextInput
            aria-label="Name of the view"
            placeholder="Best of the weather models"
            value={naming.name}
            onChange={(event) => setNaming({ ...naming, name: event.currentTarget.value })}
            data-autofocus
          />
          <p className={forms.about}>
            Keeps the filter, order, columns, baseline and grouping; the rows stay live.
          </p>
        </FormDialog>
      )}
    </>
  );
}
