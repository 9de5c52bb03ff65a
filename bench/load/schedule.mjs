/** What the generator and whoever measures agree on: the clock, and what the lines look like. */

/** Numbers have the same count of digits, so that they stand in one place of a line. */
export const firstNumber = 1_000_000_000;
export const keys = 100;

/** The monotonic clock, which all processes of a machine share (on Linux). */
export const microseconds = () => Number(process.hrtime.bigint() / 1000n);

/** One in ten is dropped by the filter. */
export const isKept = (index) => index % 10 !== 9;

export function lineOf(number, ms, key) {
  const status = isKept(number - firstNumber) ? 200 : 503;
  return `{"n":${number},"ts":${Math.floor(ms)},"key":"key ${key}","status":${status},"bytes":${number % 5000},"path":"/a/page/of/some/length"}\n`;
}

/** The index of the record that a line begins with, given the offset of its first byte. */
export function indexAt(bytes, offset) {
  let number = 0;
  for (let at = offset + 5; at < offset + 15; at++) number = number * 10 + (bytes[at] - 0x30);
  return number - firstNumber;
}
