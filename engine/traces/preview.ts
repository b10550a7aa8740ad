import { readPythonJson, type ExactValue } from './exact-json.ts';

const maxLength = 1000;

type Json = { readonly [key: string]: ExactValue };

/**
 * The beginning of a trace's inputs or outputs for a table: the last message of the role where they are a conversation,
 * else the JSON itself; at most 1000 characters, as in MLflow.
 */
export function previewOf(text: string, role: 'user' | 'assistant'): string {
  const value = readPythonJson(text);
  const messages = value === undefined ? [] : messagesOf(value);
  const message = messages.findLast((own) => own['role'] === role) ?? messages.at(-1);
  const content = (message === undefined ? '' : textOf(message['content'] ?? null)) || text;
  const characters = content.length <= maxLength ? null : Array.from(content);
  return characters === null || characters.length <= maxLength
    ? content
    : `${characters.slice(0, maxLength - 3).join('')}...`;
}

const isObject = (value: ExactValue | undefined): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isMessage = (value: ExactValue | undefined): value is Json =>
  isObject(value) && 'role' in value && 'content' in value;

/** Conversations in the forms of OpenAI's chat completions and responses. */
function messagesOf(value: ExactValue): Json[] {
  if (!isObject(value)) return [];
  const listed = (list: ExactValue | undefined) =>
    Array.isArray(list) && list.length > 0 ? (list as readonly ExactValue[]).filter(isMessage) : null;
  const choices = value['choices'];
  const [choice] = Array.isArray(choices) ? (choices as readonly ExactValue[]) : [];
  const answer = isObject(choice) ? choice['message'] : undefined;
  const found = listed(value['messages']);
  if (found !== null) return found;
  if (isMessage(answer)) return [answer];
  return (
    listed(value['input']) ??
    listed(value['output']) ??
    (value['request'] === undefined ? [] : messagesOf(value['request']))
  );
}

function textOf(content: ExactValue): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  for (const part of content as readonly ExactValue[]) {
    if (typeof part === 'string') return part;
    if (isObject(part) && (part['type'] === 'text' || part['type'] === 'output_text'))
      return typeof part['text'] === 'string' ? part['text'] : '';
  }
  return '';
}
