/** Runs compiled test files, two at a time, each in a process of its own, and prints TAP. Called by scripts/test.mjs. */
import t from 'tap';

t.jobs = 2;
t.setTimeout(3_600_000);
// Starting processes takes its time on a busy machine; tap's own limit is 30 s a file.
const env = { ...process.env, TAP_TIMEOUT: '2700' };
for (const file of process.argv.slice(2)) {
  t.spawn(
    process.execPath,
    ['--enable-source-maps', file],
    { buffered: true, timeout: 2_700_000, env },
    file,
  );
}
