import { BenchtopError } from '../../contract/index.ts';

/**
 * The address of a server as it is kept: a URL without a slash at its end.
 * @throws {BenchtopError} `invalid-input`, also for a URL with a secret in it.
 */
export function checkedAddress(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw wrong(
      'The address of an MLflow server begins with https:// or http://.',
      'For instance https://mlflow.example.com.',
    );
  // Not in the message: it may be a password.
  if (url.username !== '' || url.password !== '')
    throw wrong(
      'A name or a secret has no place in the address.',
      'Give --user and --secret-env or --secret-stdin.',
    );
  if (url.search !== '' || url.hash !== '')
    throw wrong('The address ends before ? and #.', `Write ${url.origin}${url.pathname}.`);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

const wrong = (what: string, next: string): BenchtopError =>
  new BenchtopError({ code: 'invalid-input', what, next });
