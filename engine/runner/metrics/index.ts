export { createOutputParser } from './output-parser.ts';
