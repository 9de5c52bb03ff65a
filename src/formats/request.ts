/**
 * The request line of an access log, `GET /path?query HTTP/1.1`, in its parts. What is no such line (the
 * garbage that scanners send) has no parts; it is never a reason to refuse the record.
 */

/** The parts, in order; their spans stand in this order in the array that splitRequest fills. */
export const requestParts = ['method', 'path', 'query', 'protocol'] as const;

const isMethodByte = (byte: number): boolean =>
  (byte >= 0x41 && byte <= 0x5a) || byte === 0x5f || byte === 0x2d;

/** `HTTP/` at `at`, with something of a version behind it or not. */
function isProtocol(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === 0x48 &&
    bytes[at + 1] === 0x54 &&
    bytes[at + 2] === 0x54 &&
    bytes[at + 3] === 0x50 &&
    bytes[at + 4] === 0x2f
  );
}

/**
 * Fills `spans` with [start, end) of method, path (without the query), query (without its `?`) and protocol;
 * a part that is absent starts at -1. A target without a protocol is HTTP/0.9 and allowed.
 */
export function splitRequest(bytes: Uint8Array, start: number, end: number, spans: Int32Array): void {
  spans.fill(-1);
  let at = start;
  while (at < end && isMethodByte(bytes[at]!)) at++;
  if (at === start || at + 1 >= end || bytes[at] !== 0x20) return;
  const target = at + 1;
  let targetEnd = end;
  while (targetEnd > target && bytes[targetEnd - 1] !== 0x20) targetEnd--;
  const hasProtocol = targetEnd > target + 1 && isProtocol(bytes, targetEnd);
  targetEnd = hasProtocol ? targetEnd - 1 : end;
  spans[0] = start;
  spans[1] = at;
  // A walk and not indexOf: where there is no question mark, that would search the rest of the chunk.
  let question = target;
  while (question < targetEnd && bytes[question] !== 0x3f) question++;
  const hasQuery = question < targetEnd;
  spans[2] = target;
  spans[3] = hasQuery ? question : targetEnd;
  if (hasQuery) {
    spans[4] = question + 1;
    spans[5] = targetEnd;
  }
  if (hasProtocol) {
    spans[6] = targetEnd + 1;
    spans[7] = end;
  }
}
