import type { HistoryEntry } from '../../../contract/index.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { textColumns } from '../text-columns.ts';
import { writeOut } from '../write-out.ts';

export interface ModelHistoryOptions {
  readonly home: string;
  readonly on?: number;
  readonly alias: string;
  readonly format?: 'csv' | 'html';
  readonly limit: number;
  readonly json?: boolean;
}

/** As many as the engine gives at once. */
const pageEntries = 1000;

/** `benchtop model history`: entries, a file of all of them, or who had an alias at a time. */
export async function modelHistoryCommand(
  name: string | undefined,
  options: ModelHistoryOptions,
): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const { registry } = engine.api;
    const of = name === undefined ? {} : { name };
    if (options.format !== undefined) {
      for await (const { text } of registry.exportHistory({ ...of, format: options.format }))
        await writeOut(text);
      return;
    }
    if (name !== undefined && options.on !== undefined) {
      const held = await registry.holderOn({ name, alias: options.alias, atMs: options.on });
      if (options.json) return console.log(jsonText(held));
      return console.log(
        held.entry === null
          ? held.isKnown
            ? `No version of ${name} had the alias ${options.alias} then.`
            : `Nobody knows: the history of ${name} begins later.`
          : `${held.version === null ? 'no version' : `${name}/${held.version}`}, since ${lineOf(held.entry).filter(Boolean).join(' ')}`,
      );
    }
    const entries: HistoryEntry[] = [];
    while (entries.length < options.limit) {
      const before = entries.at(-1)?.seq;
      const page = await registry.history({
        ...of,
        ...(before === undefined ? {} : { before }),
        limit: Math.min(pageEntries, options.limit - entries.length),
      });
      if (page.length === 0) break;
      entries.push(...page);
    }
    if (options.json) return console.log(jsonText(entries));
    if (entries.length === 0) return console.log('Nothing happened yet.');
    for (const line of textColumns(entries.map(lineOf))) console.log(line);
  });
}

const lineOf = (entry: HistoryEntry): string[] => [
  String(entry.seq),
  new Date(entry.atMs).toISOString().slice(0, 19).replace('T', ' '),
  entry.who || entry.via,
  entry.kind,
  entry.version === null ? entry.model : `${entry.model}/${entry.version}`,
  entry.item,
  [entry.before, entry.after].map((text) => text?.split('\n', 1)[0]?.slice(0, 60) ?? '-').join(' -> '),
  entry.reason.split('\n', 1)[0] ?? '',
];
