/** The front ends: each turns what a person wrote into a plan. They know nothing of how a plan is run. */
export * from './api/index.js';
export * from './commands/index.js';
export * from './pipeline/index.js';
