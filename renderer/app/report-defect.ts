/** Tells of a failure that no one on screen waits for. It belongs into the page's console, where diagnostics are looked for. */
export function reportDefect(what: string, error: unknown): void {
  // oxlint-disable-next-line no-console
  console.error(what, error);
}
