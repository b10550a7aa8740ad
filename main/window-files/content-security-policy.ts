/**
 * What the page may load and do: its own files, nothing else. Styles that Mantine writes at run time carry the nonce.
 * Markup is only accepted through a Trusted Types policy, so a metric's name can never become a script.
 * Source of the directives: CSP Level 3, https://www.w3.org/TR/CSP3/.
 */
export function contentSecurityPolicy(nonce: string): string {
  return [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src-elem 'self' 'nonce-${nonce}'`,
    `style-src-attr 'unsafe-inline'`,
    `img-src 'self' blob: data:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `worker-src 'self'`,
    // Recorded HTML files, in a frame that may do nothing; it inherits these directives.
    `frame-src blob:`,
    `manifest-src 'self'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
    `object-src 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types default`,
  ].join('; ');
}
