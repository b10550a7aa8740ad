/**
 * A recorded HTML file as it is shown in a frame without any rights (`sandbox=""`): a policy of its own before everything else, so that it
 * loads nothing but what it holds itself. The frame inherits the window's policy as well, which lets only styles with
 * its nonce through: they get it. `<link>` could still open a connection ahead of a load (`rel=preconnect`, which no policy
 * covers), so it becomes an element that does nothing. Names of tags end where https://html.spec.whatwg.org/#tag-name-state
 * says.
 * @param nonce of the window's styles. It opens nothing but styles, and nothing in the frame runs that could read it.
 */
export function framedPage(html: string, nonce: string): string {
  const doctype = /^\s*<!doctype[^>]*>/i.exec(html)?.[0] ?? '';
  const held = html
    .slice(doctype.length)
    .replaceAll(/<style(?=[\s/>])/gi, `<style nonce="${nonce}"`)
    .replaceAll(/<link(?=[\s/>])/gi, '<basefont');
  return `${doctype}<meta charset="utf-8"><meta http-equiv="content-security-policy" content="${ownPolicy}"><meta http-equiv="x-dns-prefetch-control" content="off">${held}`;
}

const ownPolicy =
  "default-src 'none'; img-src data:; font-src data:; media-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
