/** What is really named of a change: what is left out, or undefined, stays as it is. */
export const given = <Settings extends object>(change: {
  readonly [Key in keyof Settings]?: Settings[Key] | undefined;
}): Partial<Settings> =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<Settings>;
