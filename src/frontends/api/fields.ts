/** Names of fields in a program: checked against the type of the records where one is given. */

/** What is known of records of which no type is given. */
export type AnyRecord = Record<string, unknown>;

/** The names of the fields of records; any text where the type does not say them. */
export type Field<Row> = string extends keyof Row ? string : Extract<keyof Row, string>;

/** The fields whose values may be numbers. */
export type NumberField<Row> = string extends keyof Row
  ? string
  : {
      [Name in Field<Row>]: number extends Row[Name] ? Name : Row[Name] extends number ? Name : never;
    }[Field<Row>];

/** A name as it is written in an expression. */
export function fieldText(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `\`${name.replaceAll('`', '``')}\``;
}
