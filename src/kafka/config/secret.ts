/**
 * A text that must not be seen: passwords, tokens, private keys. Printed, inspected or made JSON it shows as
 * `(secret)`; only `reveal` gives it, and that is called where a connection is made and nowhere else.
 */
export interface Secret {
  reveal(): string;
  toString(): string;
  toJSON(): string;
}

const shown = '(secret)';

/** Wraps a text. */
export function secret(text: string): Secret {
  const value = { reveal: () => text, toString: () => shown, toJSON: () => shown };
  Object.defineProperty(value, Symbol.for('nodejs.util.inspect.custom'), { value: () => shown });
  return Object.freeze(value);
}
