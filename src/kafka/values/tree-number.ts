/**
 * Numbers, instants and bytes out of a record's tree, exactly as it spells them. Each gives undefined for what it
 * cannot take without loss.
 */
import { parseExact } from '../../record/index.js';
import { dayMs, daysFromCivil, detectForm, instantFromText } from '../../time/index.js';
import { isNumber, type JsonTree } from './json-tree.js';
import { unscaledOf } from './number-text.js';

/** A whole number between two bounds. */
export function integerOf(tree: JsonTree, least: bigint, most: bigint): bigint | undefined {
  if (!isNumber(tree)) return undefined;
  const value = parseExact(tree.number);
  if (typeof value === 'number' && !Number.isInteger(value)) return undefined;
  const big = BigInt(value);
  return big >= least && big <= most ? big : undefined;
}

const notNumbers = new Set(['NaN', 'Infinity', '-Infinity']);

/** A number, or one of the texts that stand for what JSON has no number for. */
export function doubleOf(tree: JsonTree): number | undefined {
  if (isNumber(tree)) return Number(tree.number);
  return typeof tree === 'string' && notNumbers.has(tree) ? Number(tree) : undefined;
}

/** A decimal times 10^scale, from a number or from a text that spells one. */
export function decimalOf(tree: JsonTree, scale: number): bigint | undefined {
  if (isNumber(tree)) return unscaledOf(tree.number, scale);
  return typeof tree === 'string' ? unscaledOf(tree, scale) : undefined;
}

/**
 * An instant in units of 10^-finerDigits milliseconds, from epoch milliseconds or from an ISO or SQL time with at most
 * three digits behind its seconds.
 */
export function instantOf(tree: JsonTree, finerDigits: number): bigint | undefined {
  if (typeof tree !== 'string') return decimalOf(tree, finerDigits);
  if (/\.\d{4}/.test(tree)) return undefined;
  const form = detectForm(tree);
  if (form === undefined || /^\d+$/.test(tree)) return undefined;
  return BigInt(instantFromText(form, tree)) * 10n ** BigInt(finerDigits);
}

/** The day number of YYYY-MM-DD, or a day number. */
export function dayOf(tree: JsonTree): bigint | undefined {
  if (isNumber(tree)) return integerOf(tree, -(2n ** 31n), 2n ** 31n - 1n);
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(typeof tree === 'string' ? tree : '') ?? [];
  if (year === undefined) return undefined;
  const ms = Date.parse(`${year}-${month}-${day}T00:00:00Z`);
  const days = Number.isNaN(ms) ? Number.NaN : daysFromCivil(Number(year), Number(month), Number(day));
  return ms === days * dayMs ? BigInt(days) : undefined;
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export function bytesOf(tree: JsonTree): Uint8Array | undefined {
  return typeof tree === 'string' && base64.test(tree) ? Buffer.from(tree, 'base64') : undefined;
}
