/** The parts of the window that F6 goes through are marked `data-region`, in the order of the document. */
export function focusNextRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(
    (region) => region.offsetParent !== null,
  );
  if (regions.length === 0) return;
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(at + step + regions.length) % regions.length];
  const target = next?.querySelector<HTMLElement>(
    '[data-region-focus], a[href], button:not([disabled]), input, [tabindex="0"]',
  );
  (target ?? next)?.focus();
}
