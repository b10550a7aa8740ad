import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BenchtopError } from '../benchtop-error.ts';
import { decodeFrame, encodeFrame, maxFrameBytes } from './frame.ts';
import type { Message } from './message.ts';

const ok = (output: unknown): Message => ({ kind: 'ok', id: 1, output });
const roundTrip = (output: unknown): unknown => {
  const back = decodeFrame(encodeFrame(ok(output)));
  return back.kind === 'ok' ? back.output : back;
};

const column = fc.oneof(
  fc.float64Array({ maxLength: 40 }),
  fc.int32Array({ maxLength: 40 }),
  fc.uint32Array({ maxLength: 40 }),
  fc.uint8Array({ maxLength: 40 }),
);
const key = fc.oneof(
  fc.string(),
  fc.constantFrom('$column', '$number', '$object', '$', '__proto__', 'constructor', 'toJSON'),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.double(),
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.constant(null),
    column,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
  ),
}));

test('whatever JSON and columns can say comes back the same', () => {
  fc.assert(
    fc.property(value, (given) => {
      expect(isDeepStrictEqual(roundTrip(given), given)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('a frame reads the same wherever it lies in memory', () => {
  fc.assert(
    fc.property(value, fc.integer({ min: 0, max: 9 }), (given, shift) => {
      const frame = encodeFrame(ok(given));
      const larger = new Uint8Array(frame.length + shift + 3).fill(255);
      larger.set(frame, shift);
      const back = decodeFrame(larger.subarray(shift, shift + frame.length));
      expect(isDeepStrictEqual(back, ok(given))).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test('any bytes are a message or `invalid-input`, never a crash', () => {
  const refusedOrRead = (bytes: Uint8Array) => {
    try {
      return typeof decodeFrame(bytes).kind === 'string';
    } catch (error) {
      return error instanceof BenchtopError && error.code === 'invalid-input';
    }
  };
  const noise = fc.check(fc.property(fc.uint8Array({ maxLength: 200 }), refusedOrRead), { numRuns: 500 });
  expect(noise.failed, fc.stringify(noise.counterexample)).toBe(false);
  // Damage in the middle of something real gets further than noise does.
  const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 4,
  });
  const damaged = fc.check(
    fc.property(value, flips, fc.nat({ max: 20 }), (given, changes, cut) => {
      const frame = encodeFrame(ok(given));
      for (const [at, byte] of changes) frame[at % frame.length] = byte;
      return refusedOrRead(frame.subarray(0, frame.length - cut));
    }),
    { numRuns: 1000 },
  );
  expect(damaged.failed, fc.stringify(damaged.counterexample)).toBe(false);
});

const frameOf = (json: string, columns = new Uint8Array(64)) => {
  const text = new TextEncoder().encode(json);
  const frame = new Uint8Array(Math.ceil((4 + text.length) / 8) * 8 + columns.length);
  new DataView(frame.buffer).setUint32(0, text.length, true);
  frame.set(text, 4);
  return frame;
};

describe('refuses', () => {
  test.each([
    ['a column past the end', '{"$column":["f64",9,0]}'],
    ['a column of negative length', '{"$column":["f64",-1,0]}'],
    ['a column before the start', '{"$column":["u8",8,-8]}'],
    ['a column between the places of columns', '{"$column":["u8",1,1]}'],
    ['a column longer than numbers go', '{"$column":["f64",1e300,0]}'],
    ['a type from the prototype', '{"$column":["constructor",1,0]}'],
    ['a column that is no list', '{"$column":{}}'],
    ['a number that is a number', '{"$number":"1"}'],
    ['entries that are none', '{"$object":[1]}'],
    ['a mark with something beside it', '{"$number":"NaN","x":1}'],
    ['a mark nobody makes', '{"$other":1}'],
  ])('%s', (_name, output) => {
    expect(() => decodeFrame(frameOf(`{"kind":"ok","id":1,"output":${output}}`))).toThrow(
      expect.objectContaining({ code: 'invalid-input' }) as Error,
    );
  });

  test.each([
    ['no bytes', new Uint8Array(0)],
    ['JSON longer than the frame', new Uint8Array([255, 255, 255, 255, 1])],
    ['a message of no kind', frameOf('{"kind":"shutdown","id":1}')],
    ['a message without an id', frameOf('{"kind":"cancel"}')],
    ['an id below zero', frameOf('{"kind":"cancel","id":-1}')],
    ['a path of a megabyte', frameOf(`{"kind":"call","id":1,"path":"${'x'.repeat(1e6)}","input":{}}`)],
    ['text that is not UTF-8', new Uint8Array([1, 0, 0, 0, 0xff, 0, 0, 0])],
    [
      'nesting without end',
      frameOf(`{"kind":"ok","id":1,"output":${'['.repeat(200_000)}${']'.repeat(200_000)}}`),
    ],
  ])('%s', (_name, bytes) => {
    expect(() => decodeFrame(bytes)).toThrow(expect.objectContaining({ code: 'invalid-input' }) as Error);
  });

  test.each([
    ['a Date', new Date(0)],
    ['a Map', new Map([[1, 2]])],
    ['a Float32Array', new Float32Array(2)],
    ['a bigint', 1n],
    ['a function', () => 1],
    ['an Error', new Error('x')],
  ])('to write %s, which would arrive as something else', (_name, given) => {
    expect(() => encodeFrame(ok({ inside: [given] }))).toThrow(
      expect.objectContaining({ code: 'unsupported' }) as Error,
    );
  });

  test('to write more than the other side accepts', () => {
    expect(() => encodeFrame(ok(new Uint8Array(maxFrameBytes)))).toThrow(
      expect.objectContaining({ code: 'too-large' }) as Error,
    );
  });
});

test('a Buffer is bytes, not the list of numbers its toJSON makes', () => {
  expect(roundTrip({ bytes: Buffer.from('abc') })).toEqual({ bytes: new Uint8Array([97, 98, 99]) });
});

test('a property that is undefined is left out', () => {
  expect(roundTrip({ a: undefined, b: 1 })).toStrictEqual({ b: 1 });
  expect(roundTrip(undefined)).toBeUndefined();
});
