import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const renderer = fileURLToPath(new URL('../renderer', import.meta.url));
const root = fileURLToPath(new URL('..', import.meta.url));

test('every component of Mantine that is drawn comes with its styles', () => {
  const drawn = globSync('**/*.tsx', { cwd: renderer }).flatMap((path) =>
    [
      ...readFileSync(`${renderer}/${path}`, 'utf8').matchAll(/import \{([^}]*)\} from '@mantine\/core'/g),
    ].flatMap(([, names = '']) => names.split(',').map((name) => name.trim())),
  );
  const styled = [...new Set(drawn)].filter((name) =>
    existsSync(`${root}/node_modules/@mantine/core/styles/${name}.css`),
  );
  const styles = readFileSync(`${renderer}/app/mantine.css`, 'utf8');
  expect(styled.length).toBeGreaterThan(5);
  expect(styled.filter((name) => !styles.includes(`'@mantine/core/styles/${name}.css'`))).toEqual([]);
});
