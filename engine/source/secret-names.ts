import type { BytePath } from './shown-path.ts';

/** Names of files that hold nothing but secrets, with what they are. */
const names: readonly (readonly [RegExp, string])[] = [
  [/^\.env(rc)?$|^\.env\.(?!example$|sample$|template$|dist$|defaults?$)|\.env$/, 'an environment file'],
  [/\.(pem|key|p8|p12|pfx|ppk|jks|keystore|kdbx|asc|gpg)$/, 'a key file'],
  [/^id_(rsa|dsa|ecdsa|ed25519)(_sk)?$/, 'a private key of SSH'],
  [
    /^[._](netrc|pgpass|pypirc|git-credentials|htpasswd|vault-token|my\.cnf|dockercfg)$/,
    'a file of credentials',
  ],
  [
    /^(kaggle|credentials?|client_secrets?|service[-_]?account[^/]*|secrets?)\.(json|ya?ml|toml|ini|cfg|txt)$/,
    'a file of credentials',
  ],
  [/^kubeconfig$|\.kubeconfig$|\.tfstate$/, 'a file of credentials'],
];
/** Folders that hold a program's credentials, by the end of the path. */
const places =
  /(^|\/)\.(aws\/credentials|kube\/config|docker\/config\.json|ssh\/[^/]+|streamlit\/secrets\.toml)$/;

/** What a file is that by its name alone looks like a secret; null for others. Private: `.env.example` is none. */
export function secretByName(path: BytePath): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (places.test(path.toLowerCase())) return 'a file of credentials';
  return names.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}
