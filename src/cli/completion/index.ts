/** What shells complete: the scripts, and the fields of an input. */
export { bashScript } from './bash.js';
export { fieldsOf } from './fields.js';
export { fishScript } from './fish.js';
export { type CompletedCommand, completedCommands } from './words.js';
export { zshScript } from './zsh.js';
