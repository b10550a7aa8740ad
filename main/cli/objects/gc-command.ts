import { BenchtopError, type BinUsage } from '../../../contract/index.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { textColumns } from '../text-columns.ts';

export interface GcOptions {
  readonly home: string;
  /** Milliseconds. */
  readonly olderThan: number;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly now?: boolean;
  readonly undo?: boolean;
  readonly json?: boolean;
}

const dayMs = 86_400_000;

/** `benchtop gc`: erases what has lain in the bin long enough, and files that nothing refers to. */
export async function gcCommand(options: GcOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    if (options.undo === true) {
      const back = await engine.api.bin.undo({});
      if (options.json) return console.log(jsonText(back));
      return console.log(`${back.files} erased files are back, ${byteText(back.bytes)}.`);
    }
    const choice = { olderThanDays: options.olderThan / dayMs };
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
    const freed = erased && options.now === true ? await engine.api.bin.reclaim({}) : null;
    if (options.json) return console.log(jsonText({ erased, ...usage, ...freed }));
    console.log([erased ? 'Erased' : 'Would erase', ...usageLines(usage)].join('\n  '));
    if (freed !== null) console.log(`${byteText(freed.freedBytes)} are free again.`);
    else if (erased)
      console.log(
        'Erased files can come back for seven days (`benchtop gc --undo`); `--now` gives their room back at once.',
      );
  });
}

const byteText = (count: number) => `${count.toLocaleString('en-US')} bytes`;

function usageLines(usage: BinUsage): string[] {
  return textColumns([
    ['runs of the bin', String(usage.runIds.length)],
    ['their points', `about ${byteText(usage.pointBytes)}`],
    ['their console output', byteText(usage.logBytes)],
    ['files only they have', byteText(usage.fileBytes)],
    ['files nobody refers to', byteText(usage.strayFileBytes)],
    ['files erased before that can come back', byteText(usage.recoverableBytes)],
  ]);
}
