import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entropy, secretsIn } from './secret-content.ts';
import { secretByName } from './secret-names.ts';

test.each([
  '.env',
  'conf/.env.production',
  'prod.env',
  'deploy/id_rsa',
  'server.PEM',
  '.netrc',
  '.aws/credentials',
  '.streamlit/secrets.toml',
  'client_secret.json',
  'service-account.json',
  'kaggle.json',
])('%s is a secret by its name', (path) => expect(secretByName(path)).not.toBeNull());

test.each([
  '.env.example',
  'environment.yml',
  'train.py',
  'keys.py',
  'tokenizer.json',
  'secret_santa.py',
  'id_rsa.pub',
])('%s is none', (path) => expect(secretByName(path)).toBeNull());

// Made up here, in pieces, so that nobody who looks for secrets finds one in this file.
const drawn = 'q7Zp2LxV9mRt4KsB8wYd';
test.each([
  ['a private key', `-----BEGIN RSA ${'PRIVATE'} KEY-----\nMIIE\n`],
  ['an access key of AWS', `aws = "${'AKIA'}IOSFODNN7ABCDEFG"`],
  ['a token of GitHub', `# ${'ghp_'}${'aB3d'.repeat(9)}`],
  ['a token of Hugging Face', `login("${'hf_'}${'aB3d'.repeat(9)}")`],
  ['a key of a model provider', `key = '${'sk-'}${'aB3d'.repeat(10)}'`],
  ['a password in an address', `postgresql://me:${'hunter'}22@db.example.org/x`],
  ['a value like a secret (entropy)', `API_KEY = "${drawn}"`],
  ['a value like a secret (entropy)', `"access_token": "${drawn}",`],
  ['a value like a secret (entropy)', `export WANDB_API_KEY=${'0123456789abcdef'.repeat(2)}12345678`],
])('finds %s, and says where', (kind, text) => {
  const found = secretsIn(`first\n${text}\n`);
  expect(found).toMatchObject([{ kind, line: 2 }]);
});

test.each([
  'api_key = os.environ["OPENAI_API_KEY"]',
  'token = get_token_from_environment()',
  'password = "your-password-goes-here1"',
  'mlflow.set_tracking_uri("http://user:password@localhost:5000")',
  '"pad_token": "[PAD]", "eos_token": "<|endoftext|>"',
  'tokenizer = AutoTokenizer.from_pretrained("bert-base-uncased")',
  'TOKEN_PATH = "/home/me/tokens/2024-01-01/run.json"',
  '"integrity": "sha512-Y1BohMJU12rnkEMwpiBklgQ+ZQo9PtQencCKQz"',
  'max_tokens=128000000000000000000',
  'secret_name: my-service-token-v2-production',
  'redis://localhost:6379/0',
])('passes over %s', (text) => expect(secretsIn(text)).toEqual([]));

test('entropy is that of the signs', () => {
  expect(entropy('aaaa')).toBe(0);
  expect(entropy('abcd')).toBe(2);
  expect(entropy('01'.repeat(8))).toBe(1);
});

test('any text is looked through in the end', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 2000, unit: fc.constantFrom(...'aB3 "\'=:/@-_\ntokenkey'.split('')) }),
      (text) => {
        expect(secretsIn(text).length).toBeLessThanOrEqual(20);
      },
    ),
    { numRuns: 300 },
  );
});

test('a long line takes no long time', () => {
  const startedAt = performance.now();
  secretsIn(`${'a://'.repeat(100_000)}\n${'token'.repeat(100_000)}\n${'https://a'.repeat(50_000)}`);
  // With an unbounded repetition it is a hundred seconds.
  expect(performance.now() - startedAt).toBeLessThan(10_000);
});
