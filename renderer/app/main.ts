import './trusted-types.ts';
import './engine-socket.ts';
import { loadPageAhead } from './pages.ts';

// Imported this way so that the policy stands before the first line of any library runs.
void import('./start.tsx');
loadPageAhead(location.pathname);
