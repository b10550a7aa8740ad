export { createOutputParser, type OutputParser } from './output-parser.ts';
