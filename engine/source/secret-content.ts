export interface SecretFound {
  /** What it looks like. */
  readonly kind: string;
  /** From 1. */
  readonly line: number;
  /** The very text, to compare it with what is committed; never recorded. */
  readonly text: string;
}

/**
 * Forms that their makers gave to tokens, so that they can be found. Here and below every repetition has an upper bound: without one a long
 * line, such as that of a bundled script, takes the square of its length.
 */
const forms: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/g, 'a private key'],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, 'an access key of AWS'],
  [/\bgh[pousr]_[0-9A-Za-z]{36,255}\b|\bgithub_pat_[0-9A-Za-z_]{60,255}\b/g, 'a token of GitHub'],
  [/\bglpat-[0-9A-Za-z_-]{20}/g, 'a token of GitLab'],
  [/\bhf_[0-9A-Za-z]{30}/g, 'a token of Hugging Face'],
  [/\bsk-(?:ant-|proj-|svcacct-)?[0-9A-Za-z_-]{32}/g, 'a key of a model provider'],
  [/\bAIza[0-9A-Za-z_-]{35}/g, 'a key of Google'],
  [/\bxox[abeoprs]-[0-9A-Za-z-]{10}/g, 'a token of Slack'],
  [/\b[rs]k_live_[0-9A-Za-z]{20}/g, 'a key of Stripe'],
  [/\bnpm_[0-9A-Za-z]{36}\b/g, 'a token of npm'],
  [/\bpypi-AgEIcHlwaS5vcmc[0-9A-Za-z_-]{50}/g, 'a token of PyPI'],
  [/\bdapi[0-9a-f]{32}\b/g, 'a token of Databricks'],
  [/\beyJ[0-9A-Za-z_-]{10,500}\.eyJ[0-9A-Za-z_-]{10,2000}\.[0-9A-Za-z_-]{20}/g, 'a signed token'],
];
/** `scheme://user:password@host`; a placeholder such as `user:password` or `$PASSWORD` is none. */
const inAddress = /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"'<>{}$]{1,100}:([^\s:/@"'<>{}$]{3,200})@\w/gi;
/** A name that speaks of a secret, and what is assigned to it, quoted or to the end of the line. */
const assigned =
  /(?:secret|token|passw(?:or)?d|pwd|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key|credential)[\w-]{0,40}["']?\s{0,9}(?:=>|:=|[=:])\s{0,9}(?:["']([^"'\s]{16,512})["']|([^\s"'#,;)\]}({[]{20,512})\s{0,9}$)/gim;

/**
 * Secrets in a text: tokens of a known form, passwords in addresses, and what looks drawn by lot beside a name such as `api_key`. At
 * most 20. What other words are is not for a machine to tell: a short password in plain words is not found.
 */
export function secretsIn(text: string): SecretFound[] {
  const found: { kind: string; at: number; text: string }[] = [];
  for (const [form, kind] of forms)
    for (const match of text.matchAll(form)) found.push({ kind, at: match.index, text: match[0] });
  for (const match of text.matchAll(inAddress)) {
    const password = match[1] ?? '';
    if (!isPlaceholder(password))
      found.push({ kind: 'a password in an address', at: match.index, text: match[0] });
  }
  for (const match of text.matchAll(assigned)) {
    const value = match[1] ?? match[2] ?? '';
    if (looksDrawn(value))
      found.push({ kind: 'a value like a secret (entropy)', at: match.index, text: value });
  }
  const sorted = found.toSorted((one, other) => one.at - other.at).slice(0, 20);
  return sorted.map(({ kind, at, text: own }) => ({ kind, text: own, line: lineAt(text, at) }));
}

const isPlaceholder = (word: string) =>
  /^(pass(word)?|pwd|secret|token|user|admin|root|test|example|changeme|x+|\*+|\.+)$/i.test(word) ||
  /example|your|placeholder|dummy|changeme|redacted|x{6}|\*{3}|\.{3}/i.test(word);

/** True for letters and digits without words: more bits a sign than a path, an identifier or a sentence has. */
export function looksDrawn(value: string): boolean {
  if (isPlaceholder(value) || /[$<>{}()%\\]|:\/\/|^\.{0,2}\//.test(value)) return false;
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  // Words put together: `os.environ.api_key_2`, `my-service-token-v2`.
  if (/^[a-z0-9]*(?:[._-][a-z0-9]*)+$/i.test(value) && !/[0-9a-z]{16,}/i.test(value)) return false;
  const bits = entropy(value);
  return /^[0-9a-f-]+$/i.test(value) ? value.length >= 24 && bits > 2.9 : bits > 3.5;
}

/** Shannon's entropy, in bits a sign (C. E. Shannon, 1948). */
export function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const sign of value) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}

function lineAt(text: string, at: number): number {
  let line = 1;
  for (let index = text.indexOf('\n'); index !== -1 && index < at; index = text.indexOf('\n', index + 1))
    line++;
  return line;
}
