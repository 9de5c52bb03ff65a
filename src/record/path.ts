/** A field path: names of members and indices of elements, outermost first; `a.b[0]` is ['a', 'b', 0]. */
export type Path = readonly (string | number)[];

/** Two paths spelled the same way are the same path; names are quoted where they are not plain words. */
export function spellPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else {
      const name = /^[A-Za-z_$][\w$]*$/.test(step) ? step : `\`${step.replaceAll('`', '``')}\``;
      text += text === '' ? name : `.${name}`;
    }
  }
  return text;
}
