/** All commands of this version, in the order in which help lists them. */
import { didYouMean, problem } from '../../diagnostics/index.js';
import { aggregateCommand } from './aggregate.js';
import { checkpointCommand } from './checkpoint.js';
import { completionCommand } from './completion.js';
import { dedupCommand } from './dedup.js';
import { execCommand } from './exec.js';
import { explainCommand } from './explain.js';
import { fillCommand } from './fill.js';
import { filterCommand } from './filter.js';
import { flattenCommand } from './flatten.js';
import { fromCommand } from './from.js';
import { genCommand } from './gen.js';
import { headByKeyCommand } from './head-by-key.js';
import { jobCommand } from './job.js';
import { joinCommand } from './join.js';
import { kafkaCommand } from './kafka.js';
import { keybyCommand } from './keyby.js';
import { lookupCommand } from './lookup.js';
import { overCommand } from './over.js';
import { parseCommand } from './parse.js';
import { processCommand } from './process.js';
import { runCommand } from './run.js';
import { sampleCommand } from './sample.js';
import { savepointCommand } from './savepoint.js';
import { selectCommand } from './select.js';
import { sortCommand } from './sort.js';
import type { CommandSpec, CommandWords, ToolSpec } from './spec.js';
import { stateCommand } from './state.js';
import { teeCommand } from './tee.js';
import { toCommand } from './to.js';
import { topCommand } from './top.js';
import { unionCommand } from './union.js';
import { viaCommand } from './via.js';
import { windowCommand } from './window.js';

export const commandTable: readonly CommandSpec[] = [
  fromCommand,
  parseCommand,
  filterCommand,
  selectCommand,
  flattenCommand,
  unionCommand,
  lookupCommand,
  joinCommand,
  keybyCommand,
  windowCommand,
  aggregateCommand,
  dedupCommand,
  overCommand,
  fillCommand,
  sortCommand,
  topCommand,
  headByKeyCommand,
  sampleCommand,
  processCommand,
  teeCommand,
  viaCommand,
  execCommand,
  checkpointCommand,
  toCommand,
  runCommand,
  explainCommand,
  genCommand,
];

/** Words that jq, awk, SQL and other tools have for our commands. */
const otherWords: Readonly<Record<string, string>> = {
  where: 'filter',
  grep: 'filter',
  map: 'select',
  project: 'select',
  cut: 'select',
  explode: 'flatten',
  unnest: 'flatten',
  group: 'aggregate',
  groupby: 'aggregate',
  agg: 'aggregate',
  stats: 'aggregate',
  read: 'from',
  cat: 'from',
  write: 'to',
  generate: 'gen',
  merge: 'union',
  enrich: 'lookup',
  interpolate: 'fill',
  gaps: 'fill',
  partition: 'over',
  running: 'over',
  step: 'over',
  order: 'sort',
  orderby: 'sort',
  concat: 'union',
  head: 'head-by-key',
  shuf: 'sample',
  xargs: 'exec',
  parallel: 'exec',
  pipe: 'via',
  through: 'via',
  jq: 'via',
  sed: 'via',
  awk: 'via',
  rank: 'top',
  uniq: 'dedup',
  unique: 'dedup',
  distinct: 'dedup',
  deduplicate: 'dedup',
};

/** The tools: commands that run nothing; most look after what runs have left. */
export const toolTable: readonly ToolSpec[] = [
  savepointCommand,
  jobCommand,
  stateCommand,
  kafkaCommand,
  completionCommand,
];

/** Everything that can stand behind `leat`, in the order of help. */
export const allWords: readonly CommandWords[] = [...commandTable, ...toolTable];

/** The tool of a name, or undefined. */
export function findTool(name: string): ToolSpec | undefined {
  return toolTable.find((spec) => spec.name === name);
}

/** The command of a name, or undefined. */
export function findCommand(name: string): CommandSpec | undefined {
  return commandTable.find((spec) => spec.name === name);
}

/** A usage problem for a word that is no command, with the nearest one as its hint. */
export function unknownCommand(name: string, among: readonly CommandWords[] = allWords): Error {
  const other = otherWords[name.toLowerCase()];
  const hint =
    other === undefined
      ? didYouMean(
          name,
          among.map((spec) => spec.name),
        )
      : `leat calls it ${other}`;
  return problem({
    code: 'unknown-name',
    message: `unknown command ${name}`,
    hint: hint ?? 'leat --help lists the commands',
  });
}
