import { numberAt } from './number-at.ts';
import { progressIn, type Progress } from './progress-bar.ts';
import { structuredLine, type StructuredLine } from './structured-line.ts';
import { tokensIn, type Token } from './tokens.ts';
import { kindOfName } from './vocabulary.ts';

/** What one line says, before anything is known about the lines around it. */
export interface LineReading {
  readonly values: readonly (readonly [name: string, value: number])[];
  readonly params: readonly (readonly [name: string, value: string])[];
  /** A step named in the line; counts for this line only. */
  readonly step: number | null;
  /** An epoch named in the line; goes on until the next one. */
  readonly epoch: number | null;
  readonly epochTotal: number | null;
  readonly progress: Progress | null;
  /** Printed while a bar stands at its step, as Hugging Face's Trainer does. */
  readonly isBetweenBars: boolean;
}

const longestText = 4000;
// eslint-disable-next-line no-control-regex
const ansi = /\u001b\[[\d;?]*[A-Za-z]|\u001b\][^\u0007]*\u0007/g;
const timestamp = /^\s*[[(]?(?:\d{4}-\d{2}-\d{2}[T ])?\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?Z?[\])]?\s*/;
const level =
  /^[\s|:\-–[]*\b(?:DEBUG|INFO|WARNING|WARN|ERROR|CRITICAL|TRACE)\b[\]\s:|\-–]*(?:[\w.]+:(?=\S))?/;
/** LightGBM's own notes, and commands that `sh -x` repeats before it runs them. */
const notOfTheProgram = /^(?:\[LightGBM\]|\+ )/;
const epochs = /\bepoch[\s:=#[(]*(\d+)(?![\d\w]|\.\d)(?:\s*(?:\/|of)\s*(\d+))?/i;
const steps =
  /\b(?:global[_ ]?step|step|iteration|iter|round|trial|update|episode)[\s:=#[(]*(\d+)(?![\d\w]|\.\d)/i;
const boosting = /^\[(\d+)\]\s+(?=\S)/;
const catboost = /^(\d+):\s+(?=learn: )/;
const trial = /Trial (\d+) finished with values?: \[?/;
const call = /[A-Za-z_]\w*\([^()]*[=:]/;
const settingsCall = /\b(?:Namespace|Config|Args|Arguments|Settings|Params|Hyperparameters|HParams)\w*\(/i;
const contextNames = new Set([
  'step',
  'global_step',
  'iteration',
  'iter',
  'it',
  'round',
  'trial',
  'episode',
  'epoch',
  'update',
]);
const logRecordNames = ['level', 'levelname', 'severity', 'msg', 'message', 'logger'];

const nothing = {
  values: [],
  params: [],
  step: null,
  epoch: null,
  epochTotal: null,
  progress: null,
  isBetweenBars: false,
};

/** Reads one line; null when it says nothing about measures, settings or progress. */
export function lineReading(raw: string): LineReading | null {
  if (!/\d|nan|inf/i.test(raw) || notOfTheProgram.test(raw)) return null;
  let line = raw.includes('\u001b') ? raw.replaceAll(ansi, '') : raw;
  const first = line.trimStart();
  if (first.startsWith('{')) {
    const structured = structuredLine(first.trimEnd());
    if (structured !== null) return readingOfObject(structured);
  }
  if (line.length > longestText) return null;
  if (/^\s*[[(\d]/.test(line)) line = line.replace(timestamp, '');
  if (/^[\s|:\-–[]*[DIWECT]/.test(line)) line = line.replace(level, '');
  const trialAt = line.includes('Trial ') ? trial.exec(line) : null;
  if (trialAt !== null) return readingOfTrial(line, trialAt);
  return readingOfText(line);
}

function readingOfObject({ numbers, names, kind }: StructuredLine): LineReading | null {
  let step: number | null = null;
  let epoch: number | null = null;
  let isFractional = false;
  const values: [string, number][] = [];
  const params: [string, string][] = [];
  const isLogRecord = logRecordNames.some((name) => names.has(name));
  for (const [name, value, text] of numbers) {
    const lower = name.toLowerCase();
    if (lower === 'epoch') {
      if (Number.isInteger(value) && !(kind === 'python' && text.includes('.'))) epoch = value;
      else {
        isFractional = true;
        values.push([name, value]);
      }
    } else if (contextNames.has(lower) && Number.isInteger(value)) step ??= value;
    else {
      const sort = kindOfName(name);
      if (sort === 'param' || sort === 'rate') params.push([name, text]);
      if (sort === 'ignored' || (isLogRecord && sort !== 'metric')) continue;
      values.push([name, value]);
    }
  }
  const hasMetric = values.some(([name]) => kindOfName(name) === 'metric');
  // A dump of settings names some, and nothing that was measured.
  if (params.length > 0 && !hasMetric && step === null && epoch === null && !isFractional) {
    return { ...nothing, params: numbers.map(([name, , text]) => [name, text] as const) };
  }
  const measured = values.filter(([name]) => kindOfName(name) !== 'param');
  if (measured.length === 0 && epoch === null) return null;
  return { ...nothing, values: measured, step, epoch, isBetweenBars: isFractional };
}

function readingOfTrial(line: string, match: RegExpExecArray): LineReading | null {
  const number = numberAt(line, match.index + match[0].length);
  if (number === null) return null;
  const values: [string, number][] = [['value', number.value]];
  const best = /Best is trial \d+ with value: /.exec(line);
  const bestNumber = best === null ? null : numberAt(line.replace(/\.$/, ''), best.index + best[0].length);
  if (bestNumber !== null) values.push(['best_value', bestNumber.value]);
  return { ...nothing, values, step: Number(match[1]) };
}

function readingOfText(line: string): LineReading | null {
  const boost = boosting.exec(line) ?? catboost.exec(line);
  const body = boost === null ? line : line.slice(boost[0].length);
  const progress = boost === null && line.includes('/') ? progressIn(line) : null;
  const epochAt = /epoch/i.test(line) ? epochs.exec(line) : null;
  const stepAt = boost ?? (/step|it|round|ep|update/i.test(line) ? steps.exec(line) : null);
  const context = {
    ...nothing,
    step: stepAt === null ? null : Number(stepAt[1]),
    epoch: epochAt === null ? null : Number(epochAt[1]),
    epochTotal: epochAt?.[2] === undefined ? null : Number(epochAt[2]),
    progress,
  };
  if (isCall(body)) return settingsCall.test(body) ? { ...nothing, params: settings(tokensIn(body)) } : null;
  const tokens = tokensIn(progress === null ? body : progress.rest).filter((token) => !isContext(token.name));
  const hasContext = context.step !== null || context.epoch !== null || progress !== null;
  if (tokens.length === 0) return hasContext ? context : null;

  const kinds = tokens.map((token) => kindOfName(token.name));
  const hasMetric = kinds.includes('metric');
  const isAllTokens = isNothingBut(body, tokens);
  if (!hasMetric && !hasContext) {
    if (kinds.some((kind) => kind === 'param' || kind === 'rate'))
      return { ...nothing, params: settings(tokens) };
    if (!isAllTokens || tokens.some((token) => token.separator !== '=')) return null;
  }
  const isTrusting = isAllTokens || boost !== null || (hasContext && hasMetric) || progress?.kind === 'bar';
  const values: [string, number][] = [];
  for (const [at, token] of tokens.entries()) {
    const kind = kinds[at];
    if (kind === 'ignored' || kind === 'param' || (token.isPercent && kind !== 'metric')) continue;
    if (kind === 'metric' || isTrusting) values.push([token.name, token.value]);
  }
  return values.length === 0 && !hasContext ? null : { ...context, values };
}

/** `Namespace(lr=0.1)`, `Dropout(p=0.5)`: a thing with its settings, not a measure. */
function isCall(line: string): boolean {
  return line.includes('(') && call.test(line) && !/(?:tensor|array|float\d*)\(/.test(line);
}

function settings(tokens: readonly Token[]): [string, string][] {
  return tokens
    .filter((token) => kindOfName(token.name) !== 'ignored')
    .map((token) => [token.name, token.text]);
}

/** True when a line holds named numbers and, between them, nothing but punctuation and "epoch 3"-like words. */
function isNothingBut(line: string, tokens: readonly Token[]): boolean {
  let rest = '';
  let at = 0;
  for (const token of tokens) {
    rest += line.slice(at, token.start);
    at = token.end;
  }
  rest += line.slice(at);
  return !/\w/.test(
    rest.replaceAll(
      /\b(?:global_step|epoch|step|iteration|iter|round|trial|episode)\b[\s:=#]*\d*(?:\/\d+)?/gi,
      '',
    ),
  );
}

function isContext(name: string): boolean {
  return contextNames.has(name.toLowerCase().replace(/^(?:train|training|val|valid|test|eval|total)_/, ''));
}
