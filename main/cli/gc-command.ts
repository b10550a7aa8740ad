import { BenchtopError, type BinUsage } from '../../contract/index.ts';
import { joinEngine } from './join-engine.ts';
import { jsonText } from './json-text.ts';
import { textColumns } from './text-columns.ts';

export interface GcOptions {
  readonly home: string;
  readonly olderThan: number;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `benchtop gc`: erases what has lain in the bin long enough, and files that nothing refers to. */
export async function gcCommand(options: GcOptions): Promise<void> {
  const engine = await joinEngine(options.home);
  try {
    const choice = { olderThanDays: options.olderThan };
    if (options.dryRun !== true && options.yes !== true) {
      const usage = await engine.api.bin.preview(choice);
      throw new BenchtopError({
        code: 'not-allowed',
        what: 'Nothing was erased: erasing cannot be undone, so it has to be confirmed.',
        evidence: usageLines(usage).join('\n  '),
        next: 'Add --yes to erase, or --dry-run to look only.',
      });
    }
    const erased = options.dryRun !== true;
    const usage = erased ? await engine.api.bin.erase(choice) : await engine.api.bin.preview(choice);
    if (options.json) return console.log(jsonText({ erased, ...usage }));
    console.log([erased ? 'Erased' : 'Would erase', ...usageLines(usage)].join('\n  '));
  } finally {
    engine.close();
  }
}

function usageLines(usage: BinUsage): string[] {
  const bytes = (count: number) => `${count.toLocaleString('en-US')} bytes`;
  return textColumns([
    ['runs of the bin', String(usage.runIds.length)],
    ['their points', `about ${bytes(usage.pointBytes)}`],
    ['their console output', bytes(usage.logBytes)],
    ['files only they have', bytes(usage.fileBytes)],
    ['files nobody refers to', bytes(usage.strayFileBytes)],
  ]);
}
