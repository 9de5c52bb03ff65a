/** Starting runs again that failed. */
export { decideRestart, type RestartDecision, type RestartPolicy, readRestart } from './policy.js';
export { supervise } from './supervise.js';
