/** The room of problems: what went wrong, where, and what to do. Imports nothing of ours. */
export { didYouMean, nearest } from './nearest.js';
export {
  exitStatusOf,
  isProblem,
  type Place,
  type Problem,
  type ProblemCode,
  type ProblemDetails,
  problem,
} from './problem.js';
export { type Paint, renderProblem } from './render.js';
