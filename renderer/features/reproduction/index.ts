export { VerdictMark } from './verdict-mark.tsx';
