import type { ModelSignature, SignatureChange, SignatureDiff, SignatureField } from '../../contract/index.ts';

type Part = SignatureChange['part'];

type Conversions = Readonly<Record<string, readonly string[]>>;

/**
 * What MLflow's schema enforcement takes for a column of a type beside the type itself (`_enforce_mlflow_datatype` in
 * mlflow/models/utils.py): those that lose nothing. A long is no double: not every long is one.
 */
const columnConversions: Conversions = { long: ['integer'], double: ['float', 'integer'] };

/** And for a param (`_enforce_param_datatype`), which is a single value. */
const paramConversions: Conversions = {
  long: ['integer'],
  float: ['integer', 'long'],
  double: ['integer', 'long', 'float'],
};

/** What differs between two signatures, for somebody who calls the one before and is given the one after. */
export function compareSignatures(
  before: ModelSignature | null,
  after: ModelSignature | null,
): SignatureDiff {
  if (before === null || after === null) return withoutOne(before, after);
  const changes = [
    ...inputChanges(before.inputs, after.inputs),
    ...outputChanges(before.outputs, after.outputs),
    ...paramChanges(before.params, after.params),
  ];
  const breaking = changes.filter(({ isBreaking }) => isBreaking);
  const [first] = breaking;
  return {
    before,
    after,
    changes,
    isBreaking: first !== undefined,
    verdict:
      changes.length === 0
        ? 'The signatures are the same.'
        : first === undefined
          ? 'Whoever calls the one before can call the one after as before.'
          : `Breaking: ${first.because}${breaking.length === 1 ? '' : ` And ${breaking.length - 1} more.`}`,
  };
}

function withoutOne(before: ModelSignature | null, after: ModelSignature | null): SignatureDiff {
  return {
    before,
    after,
    changes: [],
    isBreaking: before === null && after !== null,
    verdict:
      before === after
        ? 'Neither has a signature, so nothing is enforced.'
        : before === null
          ? 'Breaking: the one before has no signature and took anything; the one after checks what it is given.'
          : 'The one after has no signature: it takes anything, and tells nothing.',
  };
}

function inputChanges(
  before: readonly SignatureField[],
  after: readonly SignatureField[],
): SignatureChange[] {
  const order = namesOf(before);
  return compareFields('inputs', before, after, {
    added: (field) =>
      field.isRequired
        ? [true, `Input ${field.name} is required now, and nobody gives it.`]
        : [false, `Input ${field.name} is optional.`],
    removed: (field) => [false, `Input ${field.name} is ignored where it is given.`],
    typed: (was, is) =>
      takes(is.type, was.type, columnConversions)
        ? [false, `MLflow makes ${is.type} of ${was.type} for input ${is.name}.`]
        : [true, `Input ${is.name} was ${was.type} and is ${is.type}, which MLflow does not make of it.`],
    required: (was, is) =>
      is.isRequired
        ? [true, `Input ${is.name} was optional and is required now.`]
        : [false, `Input ${was.name} may be left out now.`],
    // Named columns are put in order by MLflow; those without a name are their place.
    moved: () => [false, `MLflow puts named inputs in order: ${order.join(', ')}.`],
  });
}

function outputChanges(
  before: readonly SignatureField[],
  after: readonly SignatureField[],
): SignatureChange[] {
  return compareFields('outputs', before, after, {
    added: (field) => [false, `Output ${field.name} is new.`],
    removed: (field) => [true, `Output ${field.name} is gone.`],
    typed: (was, is) => [true, `Output ${is.name} was ${was.type} and is ${is.type}.`],
    required: (was, is) =>
      is.isRequired
        ? [false, `Output ${is.name} is always there now.`]
        : [true, `Output ${was.name} may be missing now.`],
    moved: () => [false, 'Outputs are in another order; who reads them by name sees no difference.'],
  });
}

function paramChanges(
  before: readonly SignatureField[],
  after: readonly SignatureField[],
): SignatureChange[] {
  return compareFields('params', before, after, {
    added: (field) => [false, `Param ${field.name} has a default.`],
    removed: (field) => [false, `Param ${field.name} is ignored where it is given, with a warning.`],
    typed: (was, is) =>
      takes(is.type, was.type, paramConversions)
        ? [false, `MLflow makes ${is.type} of ${was.type} for param ${is.name}.`]
        : [true, `Param ${is.name} was ${was.type} and is ${is.type}.`],
    required: () => [false, ''],
    moved: () => [false, ''],
  });
}

type Judged = readonly [isBreaking: boolean, because: string];

interface Judgement {
  added(field: SignatureField): Judged;
  removed(field: SignatureField): Judged;
  typed(before: SignatureField, after: SignatureField): Judged;
  required(before: SignatureField, after: SignatureField): Judged;
  moved(): Judged;
}

function compareFields(
  part: Part,
  before: readonly SignatureField[],
  after: readonly SignatureField[],
  judge: Judgement,
): SignatureChange[] {
  const changes: SignatureChange[] = [];
  const say = (
    name: string,
    kind: SignatureChange['kind'],
    [from, to]: readonly [string | null, string | null],
    [isBreaking, because]: Judged,
  ) => changes.push({ part, name, kind, before: from, after: to, isBreaking, because });
  const old = new Map(before.map((field) => [field.name, field]));
  const present = new Set(namesOf(after));
  for (const field of before)
    if (!present.has(field.name)) say(field.name, 'removed', [field.type, null], judge.removed(field));
  for (const field of after) {
    const was = old.get(field.name);
    if (was === undefined) {
      say(field.name, 'added', [null, field.type], judge.added(field));
      continue;
    }
    if (was.type !== field.type)
      say(field.name, 'type-changed', [was.type, field.type], judge.typed(was, field));
    if (was.isRequired !== field.isRequired)
      say(field.name, 'required-changed', [needText(was), needText(field)], judge.required(was, field));
    if (was.default !== field.default)
      say(
        field.name,
        'default-changed',
        [was.default, field.default],
        [false, `Param ${field.name} has another default: who does not give it gets other predictions.`],
      );
  }
  const kept = namesOf(before).filter((name) => present.has(name));
  const keptAfter = namesOf(after).filter((name) => old.has(name));
  if (part !== 'params' && kept.join('\n') !== keptAfter.join('\n'))
    say(part, 'moved', [kept.join(', '), keptAfter.join(', ')], judge.moved());
  return changes;
}

/** Whether a value of one type is taken where another is declared. */
function takes(declared: string, given: string, conversions: Conversions): boolean {
  if (declared === given || conversions[declared]?.includes(given) === true || declared === 'any')
    return true;
  const [wanted, had] = [tensorOf(declared), tensorOf(given)];
  if (wanted === null || had === null || wanted.type !== had.type) return false;
  return (
    wanted.shape.length === had.shape.length &&
    wanted.shape.every((size, at) => size === '-1' || size === had.shape[at])
  );
}

function tensorOf(text: string): { type: string; shape: string[] } | null {
  const [, type, shape = ''] = /^tensor\((.+), \[(.*)\]\)$/.exec(text) ?? [];
  return type === undefined ? null : { type, shape: shape.split(', ') };
}

const namesOf = (fields: readonly SignatureField[]): string[] => fields.map(({ name }) => name);
const needText = ({ isRequired }: SignatureField) => (isRequired ? 'required' : 'optional');
