import { writeFileSync } from 'node:fs';
import { BenchtopError } from '../../../contract/index.ts';
import { jsonText } from '../json-text.ts';
import { lastEvent } from '../last-event.ts';
import { pipelineProject } from '../pipelines/pipeline-project.ts';
import { withEngine } from '../with-engine.ts';
import { monitorNamed } from './monitor-named.ts';
import { incidentLine, monitorLines, resultLines } from './monitor-text.ts';

export interface MonitorOptions {
  readonly home: string;
  readonly project?: string;
  readonly json?: boolean;
}

export interface ReportOptions extends MonitorOptions {
  readonly html?: string;
}

/** `benchtop monitor list`. */
export async function listMonitors(options: MonitorOptions & { readonly all?: boolean }): Promise<void> {
  await withEngine(options.home, async ({ api }) => {
    const of = options.all ? {} : { projectId: (await pipelineProject(api, options.project)).id };
    const monitors = await api.monitoring.monitors(of);
    if (options.json) return console.log(jsonText(monitors));
    if (monitors.length === 0) return console.log('No monitors. Add one with `benchtop monitor add`.');
    for (const line of monitorLines(monitors, Date.now())) console.log(line);
  });
}

/** `benchtop monitor run`: exit code 1 when an incident is open at its end. */
export async function runMonitor(named: string, options: MonitorOptions): Promise<void> {
  await withEngine(options.home, async ({ api }) => {
    const { id: monitorId, name } = await monitorNamed(api, named, options.project);
    const { kind: _, ...done } = await lastEvent(
      (call) => api.monitoring.run({ monitorId }, call),
      ({ what, done: count, of }) => (of === 0 ? what : `${count} of ${of}  ${what}`),
    );
    const open = await api.monitoring.incidents({ monitorId, isOpen: true });
    if (open.length > 0) process.exitCode = 1;
    if (options.json) return console.log(jsonText({ ...done, open }));
    const { judgedCount, knownCount, waitingRows, opened } = done;
    console.log(
      [
        `${name}: ${judgedCount} ${judgedCount === 1 ? 'chunk' : 'chunks'} judged`,
        ...(knownCount === 0 ? [] : [`${knownCount} known from before`]),
        ...(waitingRows === 0 ? [] : [`${waitingRows.toLocaleString('en-US')} rows in no chunk yet`]),
      ].join(', '),
    );
    const told = new Set([...opened, ...open].map(({ id }) => id));
    for (const each of await api.monitoring.incidents({ monitorId }))
      if (told.has(each.id)) console.log(incidentLine(each));
  });
}

/** `benchtop monitor show`. */
export async function showMonitor(named: string, options: MonitorOptions): Promise<void> {
  await withEngine(options.home, async ({ api }) => {
    const monitor = await monitorNamed(api, named, options.project);
    const results = await api.monitoring.results({ monitorId: monitor.id });
    const incidents = await api.monitoring.incidents({ monitorId: monitor.id });
    if (options.json) return console.log(jsonText({ monitor, results, incidents }));
    for (const line of resultLines(results, incidents)) console.log(line);
  });
}

/** `benchtop monitor report`: what `show` tells as one HTML file, with the distributions of what changed, or as JSON. */
export async function reportMonitor(named: string, options: ReportOptions): Promise<void> {
  const { html: path } = options;
  if (path === undefined && !options.json)
    throw new BenchtopError({
      code: 'invalid-input',
      what: 'What the report is to be is not said.',
      next: 'Give --html FILE, or --json.',
    });
  await withEngine(options.home, async ({ api }) => {
    const monitor = await monitorNamed(api, named, options.project);
    if (path !== undefined)
      writeFileSync(path, (await api.monitoring.report({ monitorId: monitor.id })).html);
    if (!options.json) return console.log(`The report on ${monitor.name} is in ${path}.`);
    const results = await api.monitoring.results({ monitorId: monitor.id });
    const incidents = await api.monitoring.incidents({ monitorId: monitor.id });
    console.log(jsonText({ monitor, results, incidents }));
  });
}

/** `benchtop monitor remove`. */
export async function removeMonitor(named: string, options: MonitorOptions): Promise<void> {
  await withEngine(options.home, async ({ api }) => {
    const { id: monitorId, name } = await monitorNamed(api, named, options.project);
    await api.monitoring.remove({ monitorId });
    console.log(options.json ? jsonText({ monitorId }) : `${name}  removed`);
  });
}
