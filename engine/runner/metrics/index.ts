export { eachLine, longestChunkBytes, silentShapes } from './line-scan.ts';
export { createOutputParser } from './output-parser.ts';
export { numbersIn, pythonJson } from './python-json.ts';
