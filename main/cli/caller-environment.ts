/** The child sees what it would see without us: the caller's variables, less those that steer Benchtop itself. */
export function callerEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !name.startsWith('BENCHTOP_'),
  );
  return Object.fromEntries(entries) as Record<string, string>;
}
