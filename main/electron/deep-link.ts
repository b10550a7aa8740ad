/** The scheme by which other programs and pages point into Benchtop. */
export const linkScheme = 'benchtop';

/**
 * The page of the window that `benchtop://run/<id>` means, or null for anything else. Links come from anywhere, so only
 * the exact form counts: 32 hex digits (a run's id as MLflow writes it), no query, no fragment, nothing before or after.
 */
export function pageOfDeepLink(link: string): string | null {
  const run = /^benchtop:\/\/run\/([0-9a-f]{32})\/?$/.exec(link);
  return run === null ? null : `/runs/${run[1]}`;
}

/**
 * The page that a command line asks for: Windows and Linux hand a link to the program as an argument.
 * The last one wins; an argument that is no valid link is nobody's page.
 */
export function pageOfArguments(argv: readonly string[]): string | null {
  return argv.map(pageOfDeepLink).findLast((page) => page !== null) ?? null;
}
