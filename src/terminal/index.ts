/** The room of what is drawn for people: tables and progress. Never on stdout unless asked. */

export { createProgressLine, type ProgressLine, renderProgress, shortCount } from './progress.js';
export { ageText, sizeText } from './readable.js';
