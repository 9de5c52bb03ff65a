// How many checkouts a country has had so far, told every two seconds of event time
import { count, from, tumble } from 'leat';

const soFar = from('examples/clicks.ndjson', { time: 'ts', delay: '2s' })
  .via(['grep', '-F', '/checkout'], { ok: [0, 1] })
  .window(tumble('1m'), { emit: 'early 2s', by: ['country'] })
  .aggregate({ n: count() });

for await (const { op, country, n } of soFar.run()) {
  if (country === 'US') console.log(op, n);
}
