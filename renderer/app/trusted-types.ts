/**
 * Runs before anything else in the page. The content security policy demands Trusted Types; this default policy lets the
 * style sheets through that Mantine writes as text, and refuses every string that could hold an element. Of scripts only the window's own
 * may be started, as workers.
 */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createHTML(text: string): string | null; createScriptURL(address: string): string | null },
  ): unknown;
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
trustedTypes?.createPolicy('default', {
  createHTML: (text) => (text.includes('<') ? null : text),
  createScriptURL: (address) =>
    new URL(address, location.href).href.startsWith(`${location.origin}/assets/`) ? address : null,
});

/** The nonce of this response, which the host wrote into the page. */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

// Read by the scroll lock inside Mantine's Modal when it writes its style sheet.
(globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = styleNonce;

// Compiling schemas to code is refused by the policy; without this zod tries it once and the console complains.
(globalThis as { __zod_globalConfig?: { jitless: boolean } }).__zod_globalConfig = { jitless: true };
