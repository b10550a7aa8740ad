import { isAbsolute, resolve } from 'node:path';
import { assertNever, BenchtopError, type TargetKind } from '../../contract/index.ts';

/**
 * The address of a target as it is kept.
 * @throws {BenchtopError} `invalid-input`, also for a URL with a secret in it.
 */
export function checkedAddress(kind: TargetKind, address: string): string {
  switch (kind) {
    case 'mlflow':
      return serverAddress(address);
    case 'folder':
      if (isAbsolute(address)) return resolve(address);
      throw wrong(
        'The path of a folder begins at the root.',
        `Write ${resolve('/', address)}, for instance.`,
      );
    case 'git':
      return gitAddress(address);
    default:
      return assertNever(kind);
  }
}

/** A URL without a slash at its end. */
function serverAddress(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw wrong(
      'The address of an MLflow server begins with https:// or http://.',
      'For instance https://mlflow.example.com.',
    );
  refuseSecret(url, 'Give --user and --secret-env or --secret-stdin.');
  if (url.search !== '' || url.hash !== '')
    throw wrong('The address ends before ? and #.', `Write ${url.origin}${url.pathname}.`);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** What git itself takes: `https://…`, `ssh://…`, `git@host:path`, a path from the root. */
function gitAddress(address: string): string {
  if (isAbsolute(address)) return resolve(address);
  if (/^(https?|ssh|git|file):\/\//.test(address) && URL.canParse(address)) {
    const url = new URL(address);
    // `ssh://git@host`: a name is no secret there.
    if (url.protocol !== 'ssh:' || url.password !== '')
      refuseSecret(url, 'Git asks its own keeper of passwords: `git config credential.helper`.');
    return address;
  }
  if (/^[\w.-]+@[\w.-]+:[^:]+$/.test(address)) return address;
  throw wrong(
    'The address of a git remote is a URL, git@host:path, or a path from the root.',
    'For instance git@example.com:team/project.git.',
  );
}

function refuseSecret(url: URL, next: string): void {
  // Not in the message: it may be a password.
  if (url.username !== '' || url.password !== '')
    throw wrong('A name or a secret has no place in the address.', next);
}

const wrong = (what: string, next: string): BenchtopError =>
  new BenchtopError({ code: 'invalid-input', what, next });
