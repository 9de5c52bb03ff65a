/**
 * An expression in a plan: its canonical text. It was parsed once by the front end; operators parse and
 * compile it.
 */
export type ExpressionText = string;

/** An expression with the name of the field it becomes. */
export interface NamedExpression {
  readonly name: string;
  readonly expression: ExpressionText;
}
