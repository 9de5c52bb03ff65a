/**
 * A clickstream: page views of a shop as JSON, about 200 bytes each. Some 700 records a second of event
 * time, out of order by less than two seconds, so that a delay of 2s loses none. A few users, countries and
 * products make most of it.
 */
import { fixed, isoPutter, type Line, put, putHundredths, putInteger, ready } from './line.js';
import { type Random, skewed } from './random.js';

const disorderMs = 2000;
const users = 100_000;
const products = 5000;

const countries = ready(
  `US GB DE FR NO SE NL ES IT PL DK FI CA AU BR IN JP KR MX AT
   CH BE PT IE CZ RO HU GR TR ZA AR CL CO ID PH SG NZ IS EE LV`.split(/\s+/),
);

const otherPages = ready(['/', '/', '/search', '/cart', '/checkout', '/account', '/help', '/sale']);

const agents = ready([
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:121.0) Gecko/20100101 Firefox/121.0',
  'curl/8.1.2',
]);

const text = {
  ts: fixed('{"ts":"'),
  user: fixed('","user":"u'),
  country: fixed('","country":"'),
  page: fixed('","page":"'),
  product: fixed('/product/'),
  status: fixed('","status":'),
  bytes: fixed(',"bytes":'),
  ms: fixed(',"ms":'),
  ref: fixed(',"ref":"https://www.example.com/search?q='),
  noRef: fixed(',"ref":null,"ua":"'),
  agent: fixed('","ua":"'),
  end: fixed('"}\n'),
};

/** A function that puts the next click; event time begins at startMs. */
export function clicks(random: Random, startMs: number): (line: Line) => void {
  const putIso = isoPutter();
  let now = startMs + disorderMs;
  return (line) => {
    now += random.below(4);
    put(line, text.ts);
    putIso(line, now - random.below(disorderMs));
    put(line, text.user);
    putInteger(line, skewed(random, users, 3));
    put(line, text.country);
    put(line, countries[skewed(random, countries.length, 2)]!);
    put(line, text.page);
    if (random.unit() < 0.8) {
      put(line, text.product);
      putInteger(line, skewed(random, products, 2));
    } else put(line, otherPages[random.below(otherPages.length)]!);
    const luck = random.unit();
    put(line, text.status);
    putInteger(line, luck < 0.92 ? 200 : luck < 0.97 ? 404 : 500);
    put(line, text.bytes);
    putInteger(line, random.below(50_000));
    put(line, text.ms);
    putHundredths(line, random.below(10_000));
    if (random.unit() < 0.3) {
      put(line, text.ref);
      putInteger(line, random.below(1000));
      put(line, text.agent);
    } else put(line, text.noRef);
    put(line, agents[random.below(agents.length)]!);
    put(line, text.end);
  };
}
