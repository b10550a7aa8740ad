import { EmptyState } from '../ui/empty-state.tsx';

/** What a page shows that never reached an engine: how to open it properly. */
export function NoEnginePage() {
  return (
    <main>
      <EmptyState title="This page cannot reach Benchtop’s engine">
        <p>
          Either no engine runs at {location.host}, or this tab does not hold its token. Start it and open the
          whole address that it prints, with everything behind the # sign:
        </p>
        <pre>{'benchtop serve\nbenchtop ready http://127.0.0.1:…/#token=…'}</pre>
        <p>This page keeps trying and goes on by itself.</p>
      </EmptyState>
    </main>
  );
}
