/** Plans with several sources: loaded when there is one. */
export { operatorsApart } from './apart.js';
export { prepareUnited } from './prepare.js';
