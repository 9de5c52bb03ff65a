/**
 * Splits a csv or tsv record into fields: spans and how each is written, no text. csv is RFC 4180, with
 * quotes only at the start of a field and newlines allowed inside them; tsv has no quotes and escapes tab,
 * newline and backslash with a backslash, as jq's @tsv and Miller write it.
 */

/** How a field is written. */
export const Field = {
  bare: 0,
  /** In quotes; the span leaves them out. */
  quoted: 1,
  /** In quotes, with doubled quotes inside. */
  doubled: 2,
} as const;

/** The fields of the record that was split last. */
export interface FieldSpans {
  /** What the spans are spans of. */
  bytes: Buffer;
  count: number;
  /** [start, end) of each field. */
  spans: Int32Array;
  forms: Uint8Array;
  /** Where splitting stopped, when it failed: behind an open quote, or at what must not stand there. */
  stop: number;
}

export function createFieldSpans(): FieldSpans {
  return { bytes: Buffer.alloc(0), count: 0, spans: new Int32Array(64), forms: new Uint8Array(32), stop: 0 };
}

function add(fields: FieldSpans, start: number, end: number, form: number): void {
  if (fields.count === fields.forms.length) {
    const spans = new Int32Array(fields.spans.length * 2);
    const forms = new Uint8Array(fields.forms.length * 2);
    spans.set(fields.spans);
    forms.set(fields.forms);
    fields.spans = spans;
    fields.forms = forms;
  }
  fields.spans[fields.count * 2] = start;
  fields.spans[fields.count * 2 + 1] = end;
  fields.forms[fields.count++] = form;
}

/**
 * Position of the quote that closes the field whose inside begins at `at`, or -1; a doubled quote closes
 * nothing.
 */
export function closingQuote(bytes: Uint8Array, at: number, end: number): number {
  for (; at < end; at++) {
    if (bytes[at] !== 0x22) continue;
    if (at + 1 === end || bytes[at + 1] !== 0x22) return at;
    at++;
  }
  return -1;
}

function hasQuote(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === 0x22) return true;
  return false;
}

/**
 * Splits bytes[start, end) at the delimiter. Returns 'split', 'open' when a quote is not closed (`stop` is
 * behind it), or 'wrong' when something stands between a closing quote and the delimiter (at `stop`).
 */
export function splitFields(
  fields: FieldSpans,
  bytes: Buffer,
  start: number,
  end: number,
  delimiter: number,
  quotes: boolean,
): 'split' | 'open' | 'wrong' {
  fields.bytes = bytes;
  fields.count = 0;
  let at = start;
  for (;;) {
    if (quotes && at < end && bytes[at] === 0x22) {
      const close = closingQuote(bytes, at + 1, end);
      if (close < 0) {
        fields.stop = at + 1;
        return 'open';
      }
      add(fields, at + 1, close, hasQuote(bytes, at + 1, close) ? Field.doubled : Field.quoted);
      at = close + 1;
      if (at < end && bytes[at] !== delimiter) {
        fields.stop = at;
        return 'wrong';
      }
    } else {
      const field = at;
      while (at < end && bytes[at] !== delimiter) at++;
      add(fields, field, at, Field.bare);
    }
    if (at >= end) return 'split';
    at++;
  }
}
