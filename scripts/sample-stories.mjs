/**
 * The small sample files that the tutorial and the cookbook ask questions of: a shop, its orders and payments, logins,
 * sensors, prices and the queries of a database, all of one morning. Each has a story in it that a recipe finds. They
 * depend on the seed alone, so that the answers printed in docs/ stay right; `sample-data.mjs` writes them.
 */

const morning = Date.parse('2026-11-01T08:00:00Z');
const minute = 60_000;
const iso = (time) => `${new Date(time).toISOString().slice(0, 19)}Z`;
const money = (amount) => Number(amount.toFixed(2));

/** Numbers from 0 to below 1 that depend on the seed alone (mulberry32). */
function randomly(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low, high) => low + Math.floor(next() * (high - low + 1));
  return { next, between, oneOf: (values) => values[between(0, values.length - 1)] };
}

const inOrder = (records, time) => records.sort((a, b) => Date.parse(a[time]) - Date.parse(b[time]));
const ndjson = (records) => records.map((record) => `${JSON.stringify(record)}\n`).join('');

const goods = { lamp: 39.9, chair: 120, desk: 349, shelf: 79.5, rug: 59, clock: 24.95 };

/** What the visitors of a shop do, the orders that come of it, and their payments. */
function shop() {
  const { next, between, oneOf } = randomly(3);
  const actions = [];
  const orders = [];
  const payments = [];
  for (let visit = 0; visit < 110; visit++) {
    const user = `u${between(1, 60)}`;
    let at = morning + between(0, 230) * minute + between(0, 59) * 1000;
    const step = (action, sku) => {
      actions.push({ at: iso(at), user, action, sku });
      at += between(8, 140) * 1000;
    };
    const basket = new Map();
    for (let views = between(1, 5); views > 0; views--) {
      const sku = oneOf(Object.keys(goods));
      step('view', sku);
      if (next() > 0.35) continue;
      step('add', sku);
      basket.set(sku, (basket.get(sku) ?? 0) + 1);
    }
    if (basket.size === 0 || next() < 0.3) continue;
    step('checkout', null);
    if (next() < 0.15) continue;
    const items = [...basket].map(([sku, n]) => ({ sku, n, price: goods[sku] }));
    const total = money(items.reduce((sum, { n, price }) => sum + n * price, 0));
    step('buy', null);
    orders.push({ order: 0, at: iso(at), user, items, total });
  }
  inOrder(orders, 'at').forEach((order, index) => {
    order.order = 1001 + index;
    const fate = next();
    if (fate < 0.12) return;
    const waits = fate < 0.2 ? between(12, 40) * minute : between(5, 400) * 1000;
    const paid = Date.parse(order.at) + waits;
    const method = oneOf(['card', 'card', 'card', 'invoice', 'wallet']);
    const payment = { id: `p${between(10000, 99999)}`, order: order.order, amount: order.total, method };
    payments.push({ ...payment, paid_at: iso(paid) });
    if (next() < 0.15) payments.push({ ...payment, paid_at: iso(paid + between(2, 20) * 1000) });
  });
  return {
    'shop.ndjson': ndjson(inOrder(actions, 'at')),
    'orders.ndjson': ndjson(orders),
    'payments.ndjson': ndjson(inOrder(payments, 'paid_at')),
  };
}

/** The customers of the shop: a table. */
function customers() {
  const { oneOf } = randomly(5);
  const rows = Array.from({ length: 60 }, (_, index) => [
    `u${index + 1}`,
    oneOf(['free', 'free', 'free', 'team', 'business']),
    oneOf(['NO', 'SE', 'DE', 'FR', 'NL']),
  ]);
  return [['user', 'plan', 'country'], ...rows].map((row) => `${row.join(',')}\n`).join('');
}

/** Logins as rsyslog writes them: people who mistype, one address that tries a list of names, one that gets in. */
function logins() {
  const { next, between, oneOf } = randomly(8);
  const lines = [];
  const say = (at, message) => {
    lines.push([at, `${iso(at).replace('Z', '.')}${between(100000, 999999)}+00:00 gate sshd[${message}`]);
  };
  const password = (at, outcome, user, from) =>
    say(
      at,
      `${between(900, 9999)}]: ${outcome} password for ${user} from ${from} port ${between(30000, 65000)} ssh2`,
    );
  for (let login = 0; login < 60; login++) {
    const at = morning + between(0, 239) * minute + between(0, 59) * 1000;
    const from = `198.51.100.${between(2, 40)}`;
    const user = oneOf(['anna', 'bjorn', 'clara', 'deploy']);
    if (next() < 0.2) password(at - 4000, 'Failed', user, from);
    password(at, 'Accepted', user, from);
  }
  for (let attempt = 0; attempt < 40; attempt++) {
    const user = oneOf(['root', 'invalid user admin', 'invalid user test', 'invalid user oracle', 'deploy']);
    password(morning + 72 * minute + attempt * 3000, 'Failed', user, '203.0.113.66');
  }
  for (let attempt = 0; attempt < 24; attempt++) {
    password(morning + 150 * minute + attempt * 7000, 'Failed', 'deploy', '203.0.113.140');
  }
  password(morning + 153 * minute, 'Accepted', 'deploy', '203.0.113.140');
  lines.sort(([a], [b]) => a - b);
  return lines.map(([, line]) => `${line}\n`).join('');
}

/** Temperatures, a reading a minute from three sensors; the boiler is silent for a while and then too hot. */
function sensors() {
  const { next } = randomly(13);
  const lines = ['time,sensor,celsius\n'];
  const usual = { attic: 11, boiler: 62, cellar: 8 };
  for (let at = 0; at < 120; at++) {
    for (const [sensor, mean] of Object.entries(usual)) {
      if (sensor === 'boiler' && at >= 47 && at < 71) continue;
      if (sensor === 'attic' && at >= 100 && at < 107) continue;
      const heat = sensor === 'boiler' && at >= 71 ? 20 - (at - 71) * 0.5 : 0;
      const celsius = mean + Math.max(0, heat) + next() * 2 - 1;
      lines.push(`${iso(morning + at * minute)},${sensor},${celsius.toFixed(1)}\n`);
    }
  }
  return lines.join('');
}

/** Prices of two papers, every five seconds; one jumps twice. */
function prices() {
  const { next } = randomly(21);
  const records = [];
  const last = { FJORD: 182, STEIN: 45.5 };
  for (let tick = 0; tick < 240; tick++) {
    for (const symbol of Object.keys(last)) {
      const jump = symbol === 'STEIN' && tick === 96 ? 1.06 : symbol === 'STEIN' && tick === 171 ? 0.95 : 1;
      last[symbol] *= jump * (1 + (next() - 0.5) * 0.003);
      records.push({ ts: morning + tick * 5000, symbol, price: money(last[symbol]) });
    }
  }
  return ndjson(records);
}

/** What a database says about its queries, in logfmt. */
function queries() {
  const { next, between, oneOf } = randomly(34);
  const lines = [];
  for (let at = morning; at < morning + 60 * minute; at += between(4, 18) * 1000) {
    const table = oneOf(['orders', 'orders', 'users', 'items', 'audit']);
    const slow = table === 'audit' ? 900 : at > morning + 40 * minute && table === 'orders' ? 350 : 12;
    const ms = (slow * (0.4 - Math.log(1 - next()))).toFixed(1);
    const level = next() < 0.02 ? 'error' : 'info';
    lines.push(
      `time=${iso(at)} level=${level} msg="query done" table=${table} rows=${between(0, 500)} ms=${ms}\n`,
    );
  }
  return lines.join('');
}

/** All of them: text by name. */
export const stories = () => ({
  ...shop(),
  'customers.csv': customers(),
  'auth.log': logins(),
  'sensors.csv': sensors(),
  'prices.ndjson': prices(),
  'queries.log': queries(),
});
