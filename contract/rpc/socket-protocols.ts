/** What a caller offers when it opens `/rpc`: our protocol, and the token, since a page cannot send it in a header. */
export function socketProtocols(token: string | null): string[] {
  return ['benchtop', ...(token === null ? [] : [`token.${token}`])];
}
