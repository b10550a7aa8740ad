import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { engine } from '../../app/engine.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatCount } from '../../ui/format-number.ts';
import tables from '../../ui/table.module.css';
import styles from './data.module.css';
import { contentText, shortVersion } from './data-texts.ts';

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'going'; readonly files: number; readonly cancel: () => void }
  | { readonly kind: 'done'; readonly text: string }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Writes a version as files into a folder of its own. */
export function CheckoutForm({ version, path }: { version: string; path: string }) {
  const name = shortVersion(version);
  const [destination, setDestination] = useState('');
  const [state, setState] = useState<State>({ kind: 'idle' });
  const write = async () => {
    const own = new AbortController();
    const cancel = () => own.abort();
    setState({ kind: 'going', files: 0, cancel });
    try {
      for await (const event of engine.data.checkout(
        { version, destination: destination.trim() },
        { signal: own.signal },
      ))
        setState(
          event.kind === 'done'
            ? { kind: 'done', text: `${event.path}: ${contentText({ ...event, linkCount: 0 })}` }
            : { kind: 'going', files: event.files, cancel },
        );
    } catch (error) {
      setState(own.signal.aborted ? { kind: 'idle' } : { kind: 'failed', error });
    }
  };
  return (
    <section aria-labelledby="bring-back">
      <h2 id="bring-back" className={tables.heading}>
        Bring version {name} back
      </h2>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void write();
        }}
      >
        <TextInput
          aria-label="Folder to write it into"
          placeholder={`${path}-${name.slice(0, 6)}`}
          value={destination}
          onChange={(event) => setDestination(event.currentTarget.value)}
        />
        <Button type="submit" disabled={destination.trim() === '' || state.kind === 'going'}>
          Write it there
        </Button>
        {state.kind === 'going' ? <Button onClick={state.cancel}>Cancel</Button> : null}
      </form>
      <p className={tables.about} role="status">
        {state.kind === 'going'
          ? `${formatCount(state.files)} files written …`
          : state.kind === 'done'
            ? `Written to ${state.text}.`
            : 'A folder that is not there yet, or is empty. Nothing is ever written over.'}
      </p>
      {state.kind === 'failed' ? <ErrorNotice error={state.error} /> : null}
    </section>
  );
}
