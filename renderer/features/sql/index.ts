export { ResultTable, type SortedBy } from './result-table.tsx';
