export { RunData } from './run-data.tsx';
