/**
 * Looking into JSON text without parsing it: members and elements as slices of that text, so that numbers
 * keep their spelling and nothing is built that nobody asked for. The text must be valid JSON; where it may
 * not be, {@link isJson} comes first.
 */

/** Whether a text is JSON, of any kind. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

function skipBlanks(text: string, at: number): number {
  let end = at;
  while (isBlank(text.charCodeAt(end))) end++;
  return end;
}

function stringEnd(text: string, at: number): number {
  let end = at + 1;
  while (text.charCodeAt(end) !== 34) end += text.charCodeAt(end) === 92 ? 2 : 1;
  return end + 1;
}

/** Where the value that starts at `at` ends. */
function valueEnd(text: string, at: number): number {
  const first = text[at];
  if (first === '"') return stringEnd(text, at);
  let end = at;
  if (first === '{' || first === '[') {
    let depth = 0;
    do {
      const character = text[end];
      if (character === '"') {
        end = stringEnd(text, end);
        continue;
      }
      if (character === '{' || character === '[') depth++;
      else if (character === '}' || character === ']') depth--;
      end++;
    } while (depth > 0);
    return end;
  }
  while (end < text.length && !/[\s,\]}]/.test(text[end]!)) end++;
  return end;
}

/** The elements of a JSON array as JSON texts; undefined when the text is no array. */
export function elementsOf(text: string): string[] | undefined {
  let at = skipBlanks(text, 0);
  if (text[at] !== '[') return undefined;
  const elements: string[] = [];
  at = skipBlanks(text, at + 1);
  while (text[at] !== ']') {
    const end = valueEnd(text, at);
    elements.push(text.slice(at, end));
    at = skipBlanks(text, end);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
  }
  return elements;
}

/**
 * The members of a JSON object as JSON texts by name, the last of a name counting; undefined when it is no
 * object.
 */
export function membersOf(text: string): Map<string, string> | undefined {
  let at = skipBlanks(text, 0);
  if (text[at] !== '{') return undefined;
  const members = new Map<string, string>();
  at = skipBlanks(text, at + 1);
  while (text[at] !== '}') {
    const nameEnd = stringEnd(text, at);
    const name = JSON.parse(text.slice(at, nameEnd)) as string;
    const from = skipBlanks(text, skipBlanks(text, nameEnd) + 1);
    const end = valueEnd(text, from);
    members.set(name, text.slice(from, end));
    at = skipBlanks(text, end);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
  }
  return members;
}
