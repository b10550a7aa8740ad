import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isAppUrl, isOwnRequest } from './app-address.ts';
import { pageOfArguments, pageOfDeepLink } from './deep-link.ts';
import { createLastLines } from './last-lines.ts';
import { mayBeFramed, navigationTo } from './navigation.ts';
import { isPermitted } from './permission.ts';
import { afterUnexpectedEnd } from './restart-policy.ts';
import { isRevealable } from './revealable-path.ts';
import { readPlace, savePlace } from './saved-place.ts';
import { noticeOf } from './tell-trouble.ts';
import { placeOnDisplays, type Rectangle } from './window-place.ts';

describe('where a page may lead', () => {
  test.each([
    ['app://benchtop/', 'stay'],
    ['app://benchtop/runs/1?x=1#y', 'stay'],
    ['https://example.org/docs', 'outside'],
    ['app://other/', 'refuse'],
    ['app://benchtop.example.org/', 'refuse'],
    ['app://benchtop@evil/', 'refuse'],
    ['app://x@benchtop/', 'refuse'],
    ['app://benchtop:80/', 'refuse'],
    ['https://benchtop:secret@example.org/', 'refuse'],
    ['http://example.org/', 'refuse'],
    ['http://127.0.0.1:5000/', 'refuse'],
    ['file:///etc/passwd', 'refuse'],
    ['javascript:alert(1)', 'refuse'],
    ['data:text/html,<script>1</script>', 'refuse'],
    ['blob:app://benchtop/1', 'refuse'],
    ['about:blank', 'refuse'],
    ['benchtop://run/1', 'refuse'],
    ['ms-settings:', 'refuse'],
    ['\\\\host\\share', 'refuse'],
    ['', 'refuse'],
  ] as const)('%s: %s', (address, way) => expect(navigationTo(address)).toBe(way));

  test('nothing but https ever leads outside', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.webUrl({ validSchemes: ['http', 'https', 'ftp', 'file', 'app'] }), fc.string()),
        (address) => {
          if (navigationTo(address) === 'outside') expect(new URL(address).protocol).toBe('https:');
          if (navigationTo(address) === 'stay') expect(isAppUrl(address)).toBe(true);
        },
      ),
    );
    expect.hasAssertions();
  });

  test('a frame shows only what the page made', () => {
    const made = ['blob:app://benchtop/1'];
    const others = [
      'app://benchtop/',
      'blob:app://other/1',
      'blob:null/1',
      'data:text/html,1',
      'https://example.org/',
    ];
    expect([...made, ...others].filter(mayBeFramed)).toEqual(made);
  });

  test('a page loads only what is its own', () => {
    const own = ['app://benchtop/assets/a.js', 'blob:app://benchtop/1', 'data:image/png;base64,AA'];
    const others = [
      'https://example.org/a.js',
      'http://127.0.0.1:1/',
      'ws://127.0.0.1:1/',
      'file:///a',
      'app://x/',
    ];
    expect(own.filter(isOwnRequest)).toEqual(own);
    expect(others.filter(isOwnRequest)).toEqual([]);
  });
});

test('no power is given but writing text to the clipboard, and that to the own page only', () => {
  for (const power of [
    'media',
    'geolocation',
    'notifications',
    'openExternal',
    'clipboard-read',
    'usb',
    'unknown',
  ]) {
    expect(isPermitted(power, 'app://benchtop/')).toBe(false);
  }
  expect(isPermitted('clipboard-sanitized-write', 'app://benchtop/')).toBe(true);
  expect(isPermitted('clipboard-sanitized-write', 'https://example.org/')).toBe(false);
});

describe('deep links', () => {
  const id = '0123456789abcdef0123456789abcdef';
  test('a run’s link is its page', () => {
    expect(pageOfDeepLink(`benchtop://run/${id}`)).toBe(`/runs/${id}`);
    expect(pageOfDeepLink(`benchtop://run/${id}/`)).toBe(`/runs/${id}`);
  });
  test.each([
    `benchtop://run/${id}?tab=logs`,
    `benchtop://run/${id}#x`,
    `benchtop://run/${id}/../../x`,
    `benchtop://run/${id.slice(1)}`,
    `benchtop://run/${id}0`,
    `benchtop://run/${id.toUpperCase()}`,
    `benchtop://user@run/${id}`,
    `benchtop://run//${id}`,
    `benchtop://run/${id}\n`,
    ` benchtop://run/${id}`,
    `benchtop:run/${id}`,
    `https://run/${id}`,
    'benchtop://run/',
    '',
  ])('%j is nobody’s page', (link) => expect(pageOfDeepLink(link)).toBeNull());

  test('the command line may hold one among other arguments', () => {
    expect(pageOfArguments(['electron', '.', '--flag', `benchtop://run/${id}`])).toBe(`/runs/${id}`);
    expect(pageOfArguments(['electron', '.', `--open=benchtop://run/${id}`, 'benchtop://run/x'])).toBeNull();
    expect(pageOfArguments([])).toBeNull();
  });
});

describe('where the window opens', () => {
  const laptop: Rectangle = { x: 0, y: 25, width: 1440, height: 875 };
  const left: Rectangle = { x: -1920, y: 0, width: 1920, height: 1080 };

  test('the first time: in the middle, within the display', () => {
    expect(placeOnDisplays(null, [laptop])).toEqual({
      bounds: { x: 80, y: 33, width: 1280, height: 860 },
      isMaximized: false,
    });
  });
  test('where it was, on whichever display that is', () => {
    const saved = { bounds: { x: -1800, y: 100, width: 900, height: 700 }, isMaximized: true };
    expect(placeOnDisplays(saved, [laptop, left])).toEqual(saved);
  });
  test('in the middle again when its display is gone', () => {
    const saved = { bounds: { x: -1800, y: 100, width: 900, height: 700 }, isMaximized: false };
    expect(placeOnDisplays(saved, [laptop]).bounds).toEqual({ x: 270, y: 113, width: 900, height: 700 });
  });
  test('not with its title strip out of reach', () => {
    const above = { bounds: { x: 100, y: -300, width: 900, height: 700 }, isMaximized: false };
    expect(placeOnDisplays(above, [laptop]).bounds.y).toBeGreaterThanOrEqual(laptop.y);
  });
  test('always reachable, never larger than its display', () => {
    const rectangle = (least: number) =>
      fc.record({
        x: fc.integer({ min: -9000, max: 9000 }),
        y: fc.integer({ min: -9000, max: 9000 }),
        width: fc.integer({ min: least, max: 9000 }),
        height: fc.integer({ min: least, max: 9000 }),
      });
    const saved = fc.option(fc.record({ bounds: rectangle(1), isMaximized: fc.boolean() }), { nil: null });
    fc.assert(
      fc.property(saved, fc.array(rectangle(200), { minLength: 1, maxLength: 3 }), (place, areas) => {
        const { bounds } = placeOnDisplays(place, areas as [Rectangle, ...Rectangle[]]);
        const home = areas.find(
          (area) =>
            bounds.width <= area.width &&
            bounds.height <= area.height &&
            Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x) >= 120 &&
            bounds.y >= area.y - 32 &&
            bounds.y < area.y + area.height,
        );
        expect(home).toBeDefined();
      }),
    );
    expect.hasAssertions();
  });
});

describe('with a folder', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'benchtop-shell-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('the window’s place is kept, and a damaged one is as good as none', () => {
    const path = join(folder, 'window.json');
    expect(readPlace(path)).toBeNull();
    const place = { bounds: { x: -3, y: 4, width: 800, height: 600 }, isMaximized: true };
    savePlace(path, place);
    expect(readPlace(path)).toEqual(place);
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, 20));
    expect(readPlace(path)).toBeNull();
    writeFileSync(path, '{"bounds":{"x":0,"y":0,"width":-1,"height":600},"isMaximized":false}');
    expect(readPlace(path)).toBeNull();
  });

  test('only an absolute path that is there can be shown', () => {
    expect(isRevealable(folder)).toBe(true);
    const others = [
      join(folder, 'none'),
      relative(process.cwd(), folder),
      '',
      '//host/share',
      '\\\\host\\share',
      7,
      null,
    ];
    expect(others.filter(isRevealable)).toEqual([]);
    expect(isRevealable(`${folder}\0`)).toBe(false);
  });
});

test('an engine that dies is started again, later each time, and not for ever', () => {
  const minute = 60_000;
  expect(afterUnexpectedEnd([0], 0)).toEqual({ kind: 'restart', afterMs: 250 });
  expect(afterUnexpectedEnd([0, 10], 10)).toEqual({ kind: 'restart', afterMs: 1000 });
  expect(afterUnexpectedEnd([0, 10, 20], 20)).toEqual({ kind: 'restart', afterMs: 4000 });
  expect(afterUnexpectedEnd([0, 10, 20, 30], 30)).toEqual({ kind: 'give-up' });
  expect(afterUnexpectedEnd([0, 10, 20, 6 * minute], 6 * minute)).toEqual({ kind: 'restart', afterMs: 250 });
});

test('of a long log the last lines are kept, whole, whatever the pieces', () => {
  const log = createLastLines();
  for (const piece of [
    'first\nsec',
    'ond\n',
    Array.from({ length: 30 }, (_, n) => `line ${n}`).join('\n'),
    ' end',
  ]) {
    log.add(piece);
  }
  const lines = log.text().split('\n');
  expect(lines).toHaveLength(20);
  expect(lines[0]).toBe('line 10');
  expect(lines.at(-1)).toBe('line 29 end');
  log.add('x'.repeat(100_000));
  expect(log.text().length).toBeLessThan(20 * 401);
});

test('trouble is told with what it means, the evidence and a way on', () => {
  expect(noticeOf({ kind: 'restarted', code: 9, log: '' })).toMatchObject({ isQuestion: false });
  const givenUp = noticeOf({ kind: 'given-up', code: 134, log: 'out of memory' });
  expect(givenUp.detail).toContain('134');
  expect(givenUp.detail).toContain('out of memory');
  expect(givenUp.answers).toEqual(['restart', 'quit']);
  const error = {
    code: 'store-damaged',
    what: 'It is damaged.',
    evidence: 'page 7',
    next: 'Restore.',
  } as const;
  expect(noticeOf({ kind: 'cannot-start', error })).toMatchObject({
    title: 'It is damaged.',
    detail: 'page 7\n\nRestore.',
  });
});
