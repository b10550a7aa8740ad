import type { ComponentProps } from 'react';

/** What a side panel stands beside, with it. Escape closes the panel wherever the focus is; only without one it goes back. */
export function PanelGround({
  onClose,
  ...ground
}: ComponentProps<'div'> & {
  /** Null while no panel is open. */
  onClose: (() => void) | null;
}) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      {...ground}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || onClose === null || event.defaultPrevented) return;
        event.preventDefault();
        onClose();
      }}
    />
  );
}
