/** A sentence of the engine's: what it has between backticks is a command or a name to be typed, and stands as one. */
export function MarkedText({ text }: { text: string }) {
  const parts = text.split('`');
  // One without a fellow marks nothing.
  const last = parts.length % 2 === 0 ? `\`${parts.pop() ?? ''}` : '';
  return (
    <>
      {parts.map((part, at) => (at % 2 === 0 ? part : <code key={at}>{part}</code>))}
      {last}
    </>
  );
}
