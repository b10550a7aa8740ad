import { remoteIdIn } from '../delivery-context.ts';
import type { ErrandContext } from './errand-context.ts';

/** Ids of runs and of logged models, as MLflow writes them, wherever they stand in a text. */
const ids = /\b(?:m-)?[0-9a-f]{32}\b/g;

/** A text in which our ids of runs and logged models are those that the server gave them: `runs:/…`, `models:/m-…`, parents. */
export function rewriteReferences(context: ErrandContext, text: string): string {
  return text.replaceAll(ids, (id) => remoteIdIn(context, id.startsWith('m-') ? 'model' : 'run', id) ?? id);
}
