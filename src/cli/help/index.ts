/** Help and man pages, made from the command table. */
export { renderFunctions } from './functions-help.js';
export { manPages } from './man-page.js';
export { type HelpStyle, renderHelp } from './render-help.js';
export { optionGroups } from './sections.js';
