import { assertNever, type HistoryEntry } from '../../../contract/index.ts';

/** What an entry of the history tells, in words. */
export function historyText({ kind, version, item, before, after, model }: HistoryEntry): string {
  const which = version === null ? model : `version ${version}`;
  const change = (what: string) =>
    before === null
      ? `${what} is ${after}`
      : after === null
        ? `${what} is gone`
        : `${what} ${before} → ${after}`;
  switch (kind) {
    case 'model-created':
      return 'the model was made';
    case 'model-found':
      return 'the model was here when the history began';
    case 'model-described':
    case 'version-described':
      return `${which} was described`;
    case 'model-renamed':
      return `renamed from ${before} to ${after}`;
    case 'model-deleted':
      return 'the model was deleted with its versions';
    case 'model-restored':
      return 'the model was brought back with its versions';
    case 'version-created':
      return `${which} was registered`;
    case 'version-deleted':
      return `${which} was deleted`;
    case 'version-restored':
      return `${which} was brought back`;
    case 'alias-set':
      return `${which} became ${item}${before === null ? '' : `, before it version ${before}`}`;
    case 'alias-rolled-back':
      return `${item} was rolled back to ${which}${before === null ? '' : ` from version ${before}`}`;
    case 'alias-removed':
      return `${item} was taken from version ${before ?? version}`;
    case 'stage-moved':
      return `${which} was moved from ${before} to ${after}`;
    case 'tag-set':
    case 'tag-removed':
      return `${which}: ${change(`tag ${item}`)}`;
    case 'card-answered':
      return `the card of ${which} was answered`;
    case 'promotion-requested':
      return `${which} was asked for in ${item}`;
    case 'promotion-approved':
      return `${which} was approved for ${item}`;
    case 'promotion-refused':
      return `${which} was refused for ${item}`;
    case 'check-skipped':
      return `${which}: the check ${item} was set aside`;
    default:
      return assertNever(kind);
  }
}
