/**
 * Expressions of arguments and options as a plan keeps them: parsed once here for their errors, and stored as the
 * canonical text, so that two spellings of one question give the same plan.
 */
import { problem } from '../../diagnostics/index.js';
import { parseExpression, parseSelectList, printExpression } from '../../expression/index.js';
import { defaultName, type NamedExpression } from '../../plan/index.js';

/** The canonical text of one expression. Throws syntax problems with their place in `text`. */
export function canonicalExpression(text: string): string {
  return printExpression(parseExpression(text));
}

interface SelectItems {
  readonly star: boolean;
  readonly items: readonly NamedExpression[];
}

/** Reads `*, a, lower(b) as c`. Two items of one name are an error that asks for `as`. */
export function readItems(text: string): SelectItems {
  const list = parseSelectList(text);
  const items = list.items.map(({ name, expression }) => {
    const canonical = printExpression(expression);
    return { name: name ?? defaultName(canonical), expression: canonical };
  });
  const seen = new Set<string>();
  for (const { name } of items) {
    if (seen.has(name)) {
      throw problem({
        code: 'plan',
        message: `two fields would be called ${name}`,
        place: { kind: 'text', text, start: 0, end: text.length },
        hint: `give one of them another name: ... as other_${name}`,
      });
    }
    seen.add(name);
  }
  return { star: list.star, items };
}

/** Reads the list of a key: as {@link readItems}, without a star. */
export function readKeys(text: string): readonly NamedExpression[] {
  const { star, items } = readItems(text);
  if (star) {
    const at = text.indexOf('*');
    throw problem({
      code: 'usage',
      message: 'a key is a list of fields and cannot be *',
      place: { kind: 'text', text, start: at, end: at + 1 },
    });
  }
  return items;
}
