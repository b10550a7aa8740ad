import { realpathSync } from 'node:fs';
import { cardAnswers, cardQuestions, type CardAnswers, type EngineApi } from '../../../contract/index.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { writeOut } from '../write-out.ts';

export interface ModelCardOptions {
  readonly home: string;
  readonly intendedUse?: string;
  readonly limitations?: string;
  readonly license?: string;
  readonly contact?: string;
  readonly baseLicense?: string;
  readonly against?: string;
  readonly save?: boolean;
  readonly project?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

const signs = { same: ' ', added: '+', removed: '-' } as const;

/** `benchtop model card`: the card of a version on stdout; what is still to be said of it on stderr. */
export async function modelCardCommand(reference: string, options: ModelCardOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const { registry } = engine.api;
    const version = await registry.version({ reference });
    const said = answersIn(options);
    let card = await registry.card(version);
    if (Object.keys(said).length > 0)
      card = await registry.answerCard({ ...keyOf(version), answers: { ...card.answers, ...said } });
    if (options.against !== undefined) {
      const before = await registry.version({ reference: options.against });
      const lines = await registry.compareCards({ before: keyOf(before), after: keyOf(version) });
      if (options.json) return console.log(jsonText(lines));
      for (const { kind, text } of lines) await writeOut(`${signs[kind]} ${text}`.trimEnd() + '\n');
      return;
    }
    const saved = options.save === true ? await save(engine.api, version, options) : null;
    if (options.json) return console.log(jsonText({ ...card, path: saved }));
    await writeOut(saved === null ? card.markdown : `${saved}\n`);
    for (const { id, question } of cardQuestions)
      if (card.missing.includes(id)) console.error(`benchtop: not said yet: ${question}`);
  });
}

async function save(
  api: EngineApi,
  version: { name: string; version: number },
  { project, overwrite }: ModelCardOptions,
): Promise<string> {
  const named = project === undefined ? null : await api.projects.open({ path: realpathSync(project) });
  const { path } = await api.registry.saveCard({
    ...keyOf(version),
    ...(named === null ? {} : { projectId: named.id }),
    overwrite: overwrite === true,
  });
  return path;
}

const keyOf = ({ name, version }: { name: string; version: number }) => ({ name, version });

function answersIn(options: ModelCardOptions): Partial<CardAnswers> {
  const fields = Object.keys(cardAnswers.shape) as (keyof CardAnswers)[];
  return Object.fromEntries(
    fields.flatMap((field) => (options[field] === undefined ? [] : [[field, options[field]]])),
  );
}
