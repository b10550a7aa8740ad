import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJsonRequest } from './otlp-json.ts';
import { readProtobufRequest } from './otlp-protobuf.ts';
import { OtlpFormatError } from './otlp-span.ts';
import { spanMessage, storedSpan } from './span-content.ts';
import { exactJson } from './exact-json.ts';
import { sumOverSpans } from './token-usage.ts';
import { previewOf } from './preview.ts';

/** Writes protobuf by hand: a varint, a field of bytes, a field of 64 bits. */
const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(Math.floor(value / 128))];
const bytes = (field: number, content: readonly number[] | string): number[] => {
  const own = typeof content === 'string' ? [...Buffer.from(content)] : content;
  return [...varint(field * 8 + 2), ...varint(own.length), ...own];
};
const fixed64 = (field: number, value: bigint): number[] => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(value);
  return [...varint(field * 8 + 1), ...buffer];
};
const attribute = (field: number, key: string, value: number[]) =>
  bytes(field, [...bytes(1, key), ...bytes(2, value)]);
const request = (span: number[]) => Buffer.from(bytes(1, bytes(2, bytes(2, span))));

const ids = [...bytes(1, Array<number>(16).fill(0xab)), ...bytes(2, Array<number>(8).fill(0xcd))];
const start = 1_795_272_309_354_740_548n;

test('a span in protobuf keeps every nanosecond, every integer and every kind of value', () => {
  const [span] = readProtobufRequest(
    request([
      ...ids,
      ...bytes(5, 'näme'),
      6 * 8,
      3,
      ...fixed64(7, start),
      ...fixed64(8, start + 1n),
      ...attribute(9, 'text', bytes(1, 'x')),
      ...attribute(9, 'yes', [2 * 8, 1]),
      ...attribute(9, 'minus', [3 * 8, ...Array<number>(9).fill(0xff), 1]),
      ...attribute(9, 'half', fixed64(4, 0x3fe0000000000000n)),
      ...attribute(9, 'list', bytes(5, [...bytes(1, bytes(1, 'a')), ...bytes(1, [])])),
      ...attribute(9, 'map', bytes(6, attribute(1, 'k', [3 * 8, 5]))),
      // A 32-bit field and an unknown one are read over, as newer senders may add some.
      ...varint(16 * 8 + 5),
      1,
      2,
      3,
      4,
      ...bytes(15, [3 * 8, 2, ...bytes(2, 'why')]),
    ]),
  );
  expect(span).toMatchObject({
    traceId: 'ab'.repeat(16),
    spanId: 'cd'.repeat(8),
    parentSpanId: null,
    name: 'näme',
    kind: 'CLIENT',
    startNs: start,
    endNs: start + 1n,
    status: { code: 'ERROR', message: 'why' },
    attributes: [
      ['text', 'x'],
      ['yes', true],
      ['minus', -1n],
      ['half', 0.5],
      ['list', ['a', null]],
      ['map', { k: 5n }],
    ],
  });
});

test('JSON says the same as protobuf', () => {
  const fields = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), startTimeUnixNano: String(start) };
  const asJson = readJsonRequest(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [fields] }] }] }));
  expect(asJson).toEqual(readProtobufRequest(request([...ids, ...fixed64(7, start)])));
  expect(
    readJsonRequest(
      `{"resource_spans":[{"scope_spans":[{"spans":[{"trace_id":"${fields.traceId}","span_id":"${fields.spanId}","start_time_unix_nano":${start}}]}]}]}`,
    ),
  ).toEqual(asJson);
});

test('bytes and texts of any kind are read or refused, never more than that', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (body) =>
      isReadOrRefused(() => readProtobufRequest(Buffer.from(body))),
    ),
  );
  const good = request([
    ...ids,
    ...fixed64(7, start),
    ...attribute(9, 'a', bytes(5, bytes(1, bytes(1, 'b')))),
  ]);
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), (at, byte) => {
      const damaged = Buffer.from(good);
      damaged[at] = byte;
      return isReadOrRefused(() => readProtobufRequest(damaged).map(storedSpan));
    }),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(fc.jsonValue(), (value) => isReadOrRefused(() => readJsonRequest(JSON.stringify(value)))),
  );
  const nested = '{"arrayValue":{"values":['.repeat(500);
  expect(() =>
    readJsonRequest(
      `{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"key":"a","value":${nested}${']}}'.repeat(500)}}]}]}]}]}`,
    ),
  ).toThrow(OtlpFormatError);
});

function isReadOrRefused(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    return error instanceof OtlpFormatError;
  }
}

test('a span comes back with the digits and types that it came with', () => {
  const [span] = readProtobufRequest(
    request([
      ...ids,
      ...fixed64(7, start),
      ...attribute(9, 'packed', bytes(1, '{"a":[1,1.0,9007199254740993]}')),
      ...attribute(9, 'digits', bytes(1, '17')),
      ...attribute(9, 'nan', fixed64(4, 0x7ff8000000000000n)),
    ]),
  );
  if (span === undefined) throw new Error('no span');
  const text = exactJson(spanMessage(storedSpan(span).content));
  expect(text).toContain(`"start_time_unix_nano":${start}`);
  expect(text).toContain('{"int_value":1},{"double_value":1},{"int_value":9007199254740993}');
  expect(text).toContain('{"key":"digits","value":{"string_value":"17"}}');
  expect(text).toContain('{"key":"nan","value":{"double_value":"NaN"}}');
});

test('a parent that has the sum already is not added to its children', () => {
  const usage = (input: number) =>
    JSON.stringify({ input_tokens: input, output_tokens: 1, total_tokens: input + 1 });
  const span = (spanId: string, parentSpanId: string | null, text?: string) => ({
    spanId,
    parentSpanId,
    text,
  });
  const tree = [
    span('a', null, usage(5)),
    span('b', 'a', usage(2)),
    span('c', 'a', usage(3)),
    span('d', null, usage(7)),
  ];
  expect(sumOverSpans('mlflow.trace.tokenUsage', tree)).toBe(
    '{"input_tokens": 12, "output_tokens": 2, "total_tokens": 14}',
  );
  expect(sumOverSpans('mlflow.trace.tokenUsage', [span('a', null)])).toBeNull();
});

test('a preview is the last word of the role, or the beginning of the JSON', () => {
  const chat = JSON.stringify({
    messages: [
      { role: 'user', content: 'first' },
      { role: 'user', content: [{ type: 'text', text: 'last' }] },
      { role: 'assistant', content: 'hm' },
    ],
  });
  expect(previewOf(chat, 'user')).toBe('last');
  expect(previewOf('{"choices":[{"message":{"role":"assistant","content":"42"}}]}', 'assistant')).toBe('42');
  expect(previewOf('{"x": 1}', 'user')).toBe('{"x": 1}');
  expect(previewOf(`"${'ü'.repeat(2000)}"`, 'user')).toHaveLength(1000);
});
