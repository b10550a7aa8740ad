import { useEffect, useReducer, type ComponentType } from 'react';

/**
 * A component whose code comes when it is first shown; until then nothing is drawn in its place. In place of `React.lazy`, since React
 * holds back what waited in a `Suspense` until 300 ms after the fallback was drawn, however soon the code came. Throws while rendering
 * what `load` rejected with.
 */
export function whenLoaded<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
): ComponentType<Props> {
  let Loaded: ComponentType<Props> | null = null;
  let failure: { error: unknown } | null = null;
  let loading: Promise<void> | undefined;
  const begin = () =>
    (loading ??= load().then(
      (module) => {
        Loaded = module.default;
      },
      (error: unknown) => {
        failure = { error };
      },
    ));

  return function WhenLoaded(props: Props) {
    const [, lookAgain] = useReducer((looks: number) => looks + 1, 0);
    const isWaiting = Loaded === null && failure === null;
    // Begun while rendering, so that the code is on its way before the frame is drawn.
    if (isWaiting) void begin();
    useEffect(() => {
      if (isWaiting) void begin().then(lookAgain);
    }, [isWaiting]);
    if (failure !== null) throw failure.error;
    return Loaded === null ? null : <Loaded {...props} />;
  };
}
