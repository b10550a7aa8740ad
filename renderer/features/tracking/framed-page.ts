/**
 * A recorded HTML file as it is shown in a frame without any rights (`sandbox=""`): a policy of its own before everything else, so that it
 * loads nothing but what it holds itself. The frame inherits the window's policy as well, which lets only styles with
 * its nonce through: they get it. What no policy keeps from opening a connection (a browser opens one before it asks
 * whether it may load) becomes something that does nothing: `<link>`, frames, and links out of the page, which open a window that a
 * sandbox forbids. Names of tags end where https://html.spec.whatwg.org/#tag-name-state says, and of two
 * attributes of a name the first holds.
 * @param nonce of the window's styles. It opens nothing but styles, and nothing in the frame runs that could read it.
 */
export function framedPage(html: string, nonce: string): string {
  const doctype = /^\s*<!doctype[^>]*>/i.exec(html)?.[0] ?? '';
  const held = html
    .slice(doctype.length)
    .replaceAll(/<style(?=[\s/>])/gi, `<style nonce="${nonce}"`)
    .replaceAll(/<(?:link|frame)(?=[\s/>])/gi, '<basefont')
    // Both hold text that is not read as elements.
    .replaceAll(/<(\/?)iframe(?=[\s/>])/gi, '<$1noframes')
    .replaceAll(/<(?:a|area)(?=[\s/>])/gi, (tag, offset: number, text: string) =>
      leadsWithinPage(text, offset) ? tag : `${tag} target="_blank"`,
    );
  return `${doctype}<meta charset="utf-8"><meta http-equiv="content-security-policy" content="${ownPolicy}"><meta http-equiv="x-dns-prefetch-control" content="off">${held}`;
}

const ownPolicy =
  "default-src 'none'; img-src data:; font-src data:; media-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Whether the first `href` of a link, behind well-formed attributes, is a place in the page. */
function leadsWithinPage(html: string, offset: number): boolean {
  const link = /<\w+(?:\s+(?!href[\s=])[\w:-]+(?:=(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*\s+href=["']?#/iy;
  link.lastIndex = offset;
  return link.test(html);
}
