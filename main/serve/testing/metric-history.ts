/** Every point of a metric as a client gets it, page by page: step, time and value, in the order of time. */
export async function wholeHistory(address: string, runId: string, key: string): Promise<Measured[]> {
  const found: Measured[] = [];
  let token = '';
  do {
    const query = new URLSearchParams({
      run_id: runId,
      metric_key: key,
      max_results: '5000',
      page_token: token,
    });
    const response = await fetch(`${address}/api/2.0/mlflow/metrics/get-history?${query.toString()}`);
    const page = (await response.json()) as { metrics?: Metric[]; next_page_token?: string };
    for (const { step, timestamp, value } of page.metrics ?? [])
      found.push({ step: Number(step), time: Number(timestamp), value: Number(value) });
    token = page.next_page_token ?? '';
  } while (token !== '');
  return found;
}

export interface Measured {
  readonly step: number;
  readonly time: number;
  readonly value: number;
}

interface Metric {
  readonly step: number | string;
  readonly timestamp: number | string;
  readonly value: number | string;
}
