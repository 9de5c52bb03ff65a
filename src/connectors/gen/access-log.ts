/**
 * An access log in nginx's combined format: people, bots and scanners at a small shop, a request every 0.6 s
 * on average. Every quarter of an hour or so the back end is down for a minute or two and most of what it
 * serves ends in 5xx. Now and then comes garbage, escaped by nginx, because a log without it teaches the
 * wrong thing.
 */
import { fixed, type Line, put, putInteger, ready } from './line.js';
import { type Random, skewed } from './random.js';

const meanGapMs = 600;
const meanCalmMs = 15 * 60_000;
const outageMs = 45_000;

/**
 * What is asked for: what it weighs, how large it is, whether the back end makes it, and how many of it
 * there are.
 */
interface Kind {
  readonly share: number;
  readonly method: Uint8Array;
  readonly prefix: Uint8Array;
  readonly suffix: Uint8Array;
  readonly count: number;
  readonly bytes: number;
  readonly dynamic: boolean;
}

const kind = (share: number, request: string, count: number, bytes: number, dynamic: boolean): Kind => {
  const [method, target] = request.split(' ') as [string, string];
  const [prefix, suffix] = target.split('#') as [string, string?];
  return {
    share,
    method: fixed(`"${method} `),
    prefix: fixed(prefix),
    suffix: fixed(suffix ?? ''),
    count,
    bytes,
    dynamic,
  };
};

/** `#` is a number. The shares add up to 1. */
const kinds: readonly Kind[] = [
  kind(0.3, 'GET /product/#', 2500, 24_000, true),
  kind(0.13, 'GET /static/#.js', 40, 90_000, false),
  kind(0.12, 'GET /images/product/#.jpg', 2500, 140_000, false),
  kind(0.12, 'GET /', 0, 18_000, true),
  kind(0.09, 'GET /search?q=item#&page=1', 800, 21_000, true),
  kind(0.08, 'GET /api/v1/stock/#', 2500, 300, true),
  kind(0.05, 'POST /api/v1/cart', 0, 420, true),
  kind(0.04, 'GET /blog/post-#', 120, 31_000, true),
  kind(0.03, 'POST /checkout', 0, 5200, true),
  kind(0.02, 'GET /robots.txt', 0, 68, false),
  kind(0.02, 'GET /favicon.ico', 0, 4286, false),
];

const people = ready([
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36',
]);

const bots = ready([
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
  'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)',
  'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)',
  'Uptime/1.0',
]);

const probes = ready(['/wp-login.php', '/.env', '/phpmyadmin/', '/.git/config', '/admin/', '/xmlrpc.php']);

const failures = [502, 503, 504, 500];

const text = {
  noUser: fixed(' - - ['),
  user: fixed(' - user'),
  userEnd: fixed(' ['),
  zone: fixed(' +0000] '),
  get: fixed('"GET '),
  protocol: fixed(' HTTP/1.1" '),
  garbage: fixed('"\\x16\\x03\\x01\\x00\\xEE\\x01" 400 157 "-" "-"\n'),
  space: fixed(' '),
  noReferrer: fixed(' "-" "'),
  ownReferrer: fixed(' "https://shop.example/product/'),
  searchReferrer: fixed(' "https://www.google.com/" "'),
  referrerEnd: fixed('" "'),
  scanner: fixed('python-requests/2.32.3'),
  end: fixed('"\n'),
};

const networks = ready(['203.0.113.', '198.51.100.', '192.0.2.', '2001:db8:0:1::']);

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The time of a second as nginx's $time_local. */
function localTime(epochMs: number): Uint8Array {
  const iso = new Date(epochMs).toISOString();
  const month = monthNames[Number(iso.slice(5, 7)) - 1];
  return fixed(`${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)}`);
}

function putAddress(line: Line, random: Random): void {
  const host = skewed(random, 1000, 2);
  put(line, networks[host & 3]!);
  putInteger(line, 1 + (host >> 2));
}

function pick(random: Random): Kind {
  let rest = random.unit();
  for (const candidate of kinds) {
    rest -= candidate.share;
    if (rest < 0) return candidate;
  }
  return kinds[0]!;
}

/** Status of an answer: mostly 200; in an outage most of what the back end makes is 5xx. */
function statusOf(random: Random, asked: Kind, down: boolean): number {
  const luck = random.unit();
  if (asked.dynamic && luck < (down ? 0.7 : 0.002)) return failures[random.below(failures.length)]!;
  if (luck < 0.88) return 200;
  if (luck < 0.94) return asked.dynamic ? 302 : 304;
  return luck < 0.985 ? 200 : 404;
}

function putReferrer(line: Line, random: Random, isBot: boolean): void {
  const luck = random.unit();
  if (isBot || luck < 0.3) put(line, text.noReferrer);
  else if (luck < 0.45) put(line, text.searchReferrer);
  else {
    put(line, text.ownReferrer);
    putInteger(line, random.below(2500));
    put(line, text.referrerEnd);
  }
}

function putProbe(line: Line, random: Random): void {
  put(line, text.get);
  put(line, probes[random.below(probes.length)]!);
  put(line, text.protocol);
  putInteger(line, 404);
  put(line, text.space);
  putInteger(line, 153);
  put(line, text.noReferrer);
  put(line, text.scanner);
  put(line, text.end);
}

function putRequest(line: Line, random: Random, down: boolean): void {
  const asked = pick(random);
  put(line, asked.method);
  put(line, asked.prefix);
  if (asked.count > 0) putInteger(line, skewed(random, asked.count, 2));
  put(line, asked.suffix);
  put(line, text.protocol);
  const status = statusOf(random, asked, down);
  putInteger(line, status);
  put(line, text.space);
  const bytes = Math.floor(asked.bytes * (0.5 + random.unit()));
  putInteger(line, status === 200 ? bytes : status < 400 ? 0 : 157 + random.below(400));
  const isBot = random.unit() < 0.12;
  putReferrer(line, random, isBot);
  put(line, isBot ? bots[random.below(bots.length)]! : people[random.below(people.length)]!);
  put(line, text.end);
}

/** A function that puts the next request; the log begins at startMs, in UTC. */
export function accessLog(random: Random, startMs: number): (line: Line) => void {
  let now = startMs;
  let second = Number.NaN;
  let spelled: Uint8Array = new Uint8Array(0);
  let outageStart = startMs + meanCalmMs * (0.3 + random.unit());
  let outageEnd = outageStart + outageMs * (1 + 2 * random.unit());
  return (line) => {
    now += Math.floor(2 * meanGapMs * random.unit());
    if (now >= outageEnd) {
      outageStart = now + meanCalmMs * (0.5 + random.unit());
      outageEnd = outageStart + outageMs * (1 + 2 * random.unit());
    }
    if (Math.floor(now / 1000) !== second) {
      second = Math.floor(now / 1000);
      spelled = localTime(second * 1000);
    }
    putAddress(line, random);
    const known = random.unit() < 0.05;
    put(line, known ? text.user : text.noUser);
    if (known) {
      putInteger(line, random.below(200));
      put(line, text.userEnd);
    }
    put(line, spelled);
    put(line, text.zone);
    const luck = random.unit();
    if (luck < 0.001) put(line, text.garbage);
    else if (luck < 0.015) putProbe(line, random);
    else putRequest(line, random, now >= outageStart);
  };
}
