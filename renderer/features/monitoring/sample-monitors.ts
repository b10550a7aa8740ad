import type { MonitorSettings } from '../../../contract/index.ts';

type Asked = Pick<MonitorSettings, 'name' | 'reference' | 'source'> & Partial<MonitorSettings>;

/** A table of the sample, each month against the whole year. */
const byMonth = (name: string, path: string, ignored: string[]): Asked => ({
  name,
  reference: { kind: 'file', path, from: null, before: null },
  source: { path, chunks: { by: 'time', column: 'time_hour', every: 'month' } },
  // What is different in every month by itself, and a number that is a name.
  ignored,
});

/** What the sample's data are watched for at once, with no Python and nothing to fill in. */
export const sampleMonitors: readonly Asked[] = [
  byMonth('Flights by month', 'data/flights.csv.gz', ['month', 'day', 'flight']),
  byMonth('Weather by month', 'data/weather.csv.gz', []),
];

/** The sample's model on the test days of each month, against the days for validation. Its pipeline must have scored them. */
export const sampleModelMonitor: Asked = {
  name: 'Delay model by month',
  reference: { kind: 'file', path: 'out/scored/valid.csv', from: null, before: null },
  source: { path: 'out/scored/test.csv', chunks: { by: 'time', column: 'date', every: 'month' } },
  performance: {
    probabilities: 'p_late',
    label: 'late',
    positive: null,
    predictedAt: null,
    labels: null,
  },
  ignored: ['date'],
};
