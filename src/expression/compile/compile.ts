/**
 * Expressions to functions over batches. The code is generated from the checked tree only and made by `new
 * Function`; it loops over the selected rows, takes the columns' arrays at the start of each batch, and
 * makes no object for a row on its fast ways. A row whose expression has no value (a value error) is
 * refused and taken out of the selection.
 */
import type { Batch } from '../../record/index.js';
import { checkCondition, checkExpression } from '../check/check.js';
import type { Core } from '../check/core.js';
import type { ColumnScope } from '../check/scope.js';
import { defaultSession } from '../evaluate/meaning.js';
import type { FunctionSession } from '../functions/definition.js';
import { parseExpression } from '../syntax/parse.js';
import {
  createEmitter,
  declareColumns,
  declareConstants,
  declareTemps,
  type Emitter,
  temp,
} from './emitter.js';
import { doubleCode, isDoubles } from './number-code.js';
import { runtime } from './runtime.js';
import { copyRow } from './store-value.js';
import { conditionCode, valueCode } from './value-code.js';

/** Refuses a row of a batch, saying why. */
export type RowErrors = (batch: Batch, row: number, reason: string) => void;

/** Works on the selected rows of a batch. */
export type BatchFunction = (batch: Batch, reject: RowErrors) => void;

/** The loop around the code of a row, which says `keep(row)` for the rows that stay. */
function loop(emitter: Emitter, body: string, before: string): string {
  return `'use strict';
${declareConstants(emitter, runtime)}
return function (batch, reject) {
  const columns = batch.columns, selection = batch.selection, count = batch.selected;
  ${declareColumns(emitter)}
  ${before}
  ${declareTemps(emitter)}
  let kept = 0, i = 0, row = 0;
  for (;;) {
    try {
      for (; i < count; i++) {
        row = selection[i];
        ${body}
      }
      break;
    } catch (error) {
      if (!isValueError(error)) throw error;
      i++;
      reject(batch, row, error.message + where);
    }
  }
  batch.selected = kept;
};`;
}

function build(emitter: Emitter, code: string, session: FunctionSession, text: string): BatchFunction {
  const short = text.length > 80 ? `${text.slice(0, 77)}...` : text;
  const make = new Function('runtime', 'constants', 'session', 'where', code);
  return make(runtime, emitter.constants, session, ` in ${short}`) as BatchFunction;
}

/**
 * A function that leaves in the selection of a batch the rows for which the condition is true. Throws
 * problems of the codes syntax, unknown-name and type.
 */
export function compileFilter(
  text: string,
  scope: ColumnScope,
  session: FunctionSession = defaultSession,
): BatchFunction {
  const core = checkCondition({ text, scope, session }, parseExpression(text));
  const emitter = createEmitter();
  const code = conditionCode(emitter, core, false);
  return build(emitter, loop(emitter, `if (${code} === true) selection[kept++] = row;`, ''), session, text);
}

/** Code that computes a value and puts it into the row of the target column. */
function storeCode(emitter: Emitter, core: Core): string {
  const fast = (core.op === 'arithmetic' || core.op === 'negate') && isDoubles(core);
  const store = `storeValue(target, row, ${valueCode(emitter, core, fast)});`;
  if (!fast) return `${store} selection[kept++] = row;`;
  const t = temp(emitter);
  return `if ((${t} = ${doubleCode(emitter, core)}) === ${t}) {
          targetTags[row] = 4; targetNumbers[row] = ${t} + 0; targetLengths[row] = 0;
        } else ${store}
        selection[kept++] = row;`;
}

/** Copies a column for the selected rows. */
function copyColumn(from: number, target: number): BatchFunction {
  return (batch) => {
    const source = batch.columns[from]!;
    const copy = batch.columns[target]!;
    copy.bytes = source.bytes;
    copy.spellInstant = source.spellInstant;
    for (let i = 0; i < batch.selected; i++) copyRow(source, copy, batch.selection[i]!);
  };
}

/**
 * A function that fills column `target` for the selected rows with the value of the expression. Texts, big integers,
 * decimals, date-times, intervals and nested values are boxed. Throws problems of the codes syntax,
 * unknown-name and type.
 */
export function compileProjection(
  text: string,
  scope: ColumnScope,
  target: number,
  session: FunctionSession = defaultSession,
): BatchFunction {
  const core = checkExpression({ text, scope, session }, parseExpression(text));
  if (core.op === 'column' && core.steps.length === 0) return copyColumn(core.column, target);
  const emitter = createEmitter();
  const body = storeCode(emitter, core);
  const before = `const target = columns[${target}], targetTags = target.tags, targetNumbers = target.numbers, targetLengths = target.lengths;`;
  return build(emitter, loop(emitter, body, before), session, text);
}
