import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { ErrorNotice } from './error-notice.tsx';
import styles from './form-dialog.module.css';

/** A dialog that is one form: its fields, the refusal where there was one, and the two ways out of it. Enter does it. */
export function FormDialog({
  title,
  widthPx,
  submit,
  isReady = true,
  isPending = false,
  isSubmitFocused = false,
  error = null,
  beside,
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  widthPx: number;
  /** The word on the button that does it. */
  submit: string;
  /** False while something is missing. */
  isReady?: boolean;
  isPending?: boolean;
  /** True where Enter is enough; else a field of the form is focused first. */
  isSubmitFocused?: boolean;
  /** Null where nothing was refused. */
  error?: unknown;
  /** What stands before the buttons. */
  beside?: ReactNode;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <Modal opened onClose={onClose} title={title} size={widthPx}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
        {error === null ? null : <ErrorNotice error={error} />}
        <div className={styles.foot}>
          {beside === undefined ? null : <div className={styles.beside}>{beside}</div>}
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="filled"
            loading={isPending}
            disabled={!isReady}
            data-autofocus={isSubmitFocused || undefined}
          >
            {submit}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
