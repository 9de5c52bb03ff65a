// The first three busy countries: npm install leat, then node busy-countries.mjs
import { count, from, quantile, sum, tumble } from 'leat';

const perMinute = from('examples/clicks.ndjson', { time: 'ts', delay: '2s' })
  .filter('status < 500')
  .window(tumble('1m'))
  .aggregate({ n: count(), bytes: sum('bytes'), p95: quantile('ms', 0.95) }, { by: ['country'] });

let lines = 0;
for await (const { window_start, country, n, bytes } of perMinute.run()) {
  if (n < 12) continue;
  console.log(window_start, country, n, bytes);
  if (++lines === 3) break;
}
