export { createWindowFiles, type WindowResponse } from './window-files.ts';
