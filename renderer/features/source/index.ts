export { RunCode as default } from './run-code.tsx';
