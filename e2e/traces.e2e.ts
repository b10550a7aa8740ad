import { axeFindings } from './axe-findings.ts';
import { join } from 'node:path';
import { expect, test, type Host } from './fixtures.ts';

test.setTimeout(120_000);

/** Sends a request as a client of MLflow or OpenTelemetry would. */
async function send(host: Host, path: string, body: object, headers: Record<string, string> = {}) {
  const { origin, hash } = new URL(host.url());
  const response = await fetch(origin + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${hash.replace('#token=', '')}`,
      ...headers,
    },
    body: JSON.stringify(body),
  });
  expect(response.status, path).toBe(200);
  return (await response.json()) as { run?: { info: { run_id: string } } };
}

const text = (value: string) => ({ stringValue: value });

/** A trace of three spans, the last of which failed. */
async function recordTrace(host: Host, runId: string, number: number, startMs: number) {
  const traceId = String(number).padStart(32, 'a');
  const span = (id: string, parent: string, name: string, from: number, to: number, more: object = {}) => ({
    traceId,
    spanId: id.repeat(8),
    ...(parent === '' ? {} : { parentSpanId: parent.repeat(8) }),
    name,
    startTimeUnixNano: `${startMs + from}000000`,
    endTimeUnixNano: `${startMs + to}000000`,
    ...more,
  });
  await send(
    host,
    '/v1/traces',
    {
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                span('aa', '', 'answer', 0, 900, {
                  attributes: [
                    { key: 'mlflow.spanInputs', value: text('{"question": "How late will it be?"}') },
                    { key: 'mlflow.spanOutputs', value: text('"About 12 minutes"') },
                    { key: 'mlflow.spanType', value: text('CHAIN') },
                  ],
                }),
                span('bb', 'aa', 'model', 100, 600, {
                  attributes: [
                    { key: 'mlflow.spanType', value: text('LLM') },
                    {
                      key: 'mlflow.chat.tokenUsage',
                      value: text('{"input_tokens": 900, "output_tokens": 300, "total_tokens": 1200}'),
                    },
                  ],
                }),
                span('cc', 'aa', 'look up', 650, 850, {
                  status: { code: 2, message: 'LookupError: no such flight' },
                  events: [
                    {
                      name: 'exception',
                      timeUnixNano: `${startMs + 700}000000`,
                      attributes: [{ key: 'exception.type', value: text('LookupError') }],
                    },
                  ],
                }),
              ],
            },
          ],
        },
      ],
    },
    { 'x-mlflow-experiment-id': '0', ...(runId === '' ? {} : { 'x-mlflow-run-id': runId }) },
  );
  return `tr-${traceId}`;
}

test('the traces of a run: a list, the spans over time, and what went in and out', async ({
  window,
  host,
}) => {
  const startMs = Date.now() - 60_000;
  const made = await send(host, '/api/2.0/mlflow/runs/create', {
    experiment_id: '0',
    run_name: 'assistant',
    start_time: startMs,
  });
  const runId = made.run?.info.run_id ?? '';
  const traceId = await recordTrace(host, runId, 1, startMs);
  await recordTrace(host, '', 2, startMs + 1000);
  await send(host, `/api/3.0/mlflow/traces/${traceId}/assessments`, {
    assessment: {
      assessment_name: 'helpful',
      source: { source_type: 'HUMAN', source_id: 'me' },
      feedback: { value: true },
      rationale: 'it answers the question',
    },
  });
  await send(host, '/api/2.0/mlflow/runs/create', { experiment_id: '0', run_name: 'plain' });

  await window.goto(host.url(`/runs/${runId}`));
  const parts = window.getByRole('navigation', { name: 'Parts of the run' });
  await parts.getByRole('link', { name: 'Traces 1' }).click();
  const list = window.getByRole('region', { name: 'Traces', exact: true });
  await expect(list.getByRole('listitem')).toHaveCount(1);
  await expect(list.getByRole('listitem')).toContainText(/answer.*How late will it be\?/s);
  await expect(list.getByRole('listitem')).toContainText('1,200 tokens');

  const spans = window.getByRole('group', { name: 'Spans' });
  await expect(spans.getByRole('button')).toHaveText([/answer.*900 ms/, /model.*500 ms/, /look up.*200 ms/]);
  const detail = window.getByRole('region', { name: /^Span / });
  await expect(detail).toContainText('How late will it be?');
  await expect(window.getByRole('list', { name: 'Assessments' })).toContainText(
    'helpful true it answers the question',
  );
  await spans.getByRole('button', { name: /look up/ }).click();
  await expect(detail).toContainText('LookupError: no such flight');
  await expect(detail).toContainText('after 700 ms');
  // The bars stand where the spans lie in time.
  const box = async (index: number) =>
    (await spans.getByRole('button').nth(index).locator('[aria-hidden] > span').boundingBox()) ?? {
      x: 0,
      width: 0,
    };
  const [whole, model, failed] = [await box(0), await box(1), await box(2)];
  expect((model.x - whole.x) / whole.width).toBeCloseTo(1 / 9, 1);
  expect(failed.width / whole.width).toBeCloseTo(2 / 9, 1);

  expect(await axeFindings(window)).toEqual([]);
  for (const colorScheme of ['light', 'dark'] as const) {
    await window.emulateMedia({ colorScheme });
    await window.screenshot({ path: join(test.info().outputDir, `traces-${colorScheme}.png`) });
  }
  await window.setViewportSize({ width: 900, height: 700 });
  await window.screenshot({ path: join(test.info().outputDir, 'traces-narrow.png') });

  await window.getByRole('button', { name: 'Its experiment 2' }).click();
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await list.getByRole('listitem').nth(1).getByRole('button').click();
  await expect(window).toHaveURL(new RegExp(`trace=${traceId}`));
  await window.reload();
  await expect(list.getByRole('listitem')).toHaveCount(2);

  const filter = window.getByRole('textbox', { name: 'Filter traces' });
  await window.keyboard.press('/');
  await expect(filter).toBeFocused();
  await filter.fill(`"look up" AND request_id = '${traceId}'`);
  await expect(list.getByRole('listitem')).toHaveCount(1);
  await expect(window).toHaveURL(/filter=/);
  await filter.fill(`model colour = 'x'`);
  await expect(list.getByRole('alert')).toContainText("Invalid attribute key 'colour'");
  await expect(filter).toHaveAttribute('aria-invalid', 'true');
  // The line lies under the part that is wrong, which begins behind the first word.
  const wrong = list.getByText("colour = 'x'", { exact: true });
  const [field, part] = [await filter.boundingBox(), await wrong.boundingBox()];
  expect((part?.x ?? 0) - (field?.x ?? 0)).toBeGreaterThan(50);
  expect((part?.x ?? 0) + (part?.width ?? 0)).toBeLessThan((field?.x ?? 0) + (field?.width ?? 0));
  await window.screenshot({ path: join(test.info().outputDir, 'traces-filter.png') });
  await window.getByRole('button', { name: 'Clear the filter' }).click();
  await expect(list.getByRole('listitem')).toHaveCount(2);

  // A trace that comes while the page is open appears by itself.
  await recordTrace(host, runId, 3, startMs + 2000);
  await expect(list.getByRole('listitem')).toHaveCount(3);
});
