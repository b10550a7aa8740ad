import './mantine.css';
import './tokens.css';
import './global.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { askAhead } from './ask-ahead.ts';
import { engine } from './engine.ts';
import { followChanges } from './follow-changes.ts';
import { pathOfMlflowLink } from './mlflow-link.ts';
import { pages } from './pages.ts';
import { queryClient } from './query-client.ts';
import { reportDefect } from './report-defect.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element with the id "root".');
const linked = pathOfMlflowLink(location.hash);
if (linked !== null) history.replaceState(null, '', linked);
askAhead(location);
followChanges(engine, queryClient);
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

// The pages that most clicks lead to: their code is there before the click, once the first page has been drawn.
requestIdleCallback(
  () => {
    for (const load of [pages.runs, pages.run])
      load().catch((error: unknown) => reportDefect('The code of a page did not load', error));
  },
  { timeout: 5000 },
);
