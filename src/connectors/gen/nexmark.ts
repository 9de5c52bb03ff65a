/**
 * The auction site of the Nexmark benchmark: persons, auctions and bids in the proportions 1:3:46, with its
 * field names, hot auctions and hot bidders. A record has the shape of Flink's Nexmark source: event_type 0,
 * 1 or 2, its time, and the person, auction or bid as a nested object. Ten records a millisecond, in order.
 * Source: Tucker et al., NEXMark (2002), and the generator of the Nexmark suite for Beam and Flink.
 */
import { fixed, isoPutter, type Line, put, putInteger, ready } from './line.js';
import type { Random } from './random.js';

const personShare = 1;
const auctionShare = 3;
const epochRecords = 50;
const recordsPerMs = 10;
const firstId = 1000;
const firstCategory = 10;
const categories = 5;
const inFlightAuctions = 100;
const activePeople = 1000;

const firstNames = 'Peter Paul Luke John Saul Vicky Kate Julie Sarah Deiter Walter'.split(' ');
const lastNames = 'Shultz Abrams Spencer White Bartels Walton Smith Jones Noris'.split(' ');
const cities = [
  'Phoenix,AZ',
  'Los Angeles,CA',
  'San Francisco,CA',
  'Boise,ID',
  'Portland,OR',
  'Bend,OR',
  'Redmond,WA',
  'Seattle,WA',
  'Kent,WA',
  'Cheyenne,WY',
];
const hotChannels = ready(['Google', 'Facebook', 'Baidu', 'Apple']);

const text = {
  type: fixed('{"event_type":'),
  time: fixed(',"dateTime":"'),
  person: fixed('","person":{"id":'),
  auction: fixed('","auction":{"id":'),
  bid: fixed('","bid":{"auction":'),
  bidder: fixed(',"bidder":'),
  price: fixed(',"price":'),
  channel: fixed(',"channel":"'),
  numberedChannel: fixed('channel-'),
  url: fixed('","url":"https://www.nexmark.com/'),
  item: fixed('/item.htm?query=1'),
  channelId: fixed('&channel_id='),
  quote: fixed('"'),
  extra: fixed('","extra":"'),
  itemName: fixed(',"itemName":"'),
  description: fixed('","description":"'),
  initialBid: fixed('","initialBid":'),
  reserve: fixed(',"reserve":'),
  expires: fixed('","expires":"'),
  seller: fixed('","seller":'),
  category: fixed(',"category":'),
  extraOfAuction: fixed(',"extra":"'),
  end: fixed('"}}\n'),
};

/** How many persons, and how many auctions, there have been before record `number`. */
const personsBefore = (number: number): number =>
  Math.floor((number + epochRecords - 1) / epochRecords) * personShare;

function auctionsBefore(number: number): number {
  const within = (number % epochRecords) - personShare;
  const ofEpoch = Math.max(0, Math.min(auctionShare, within));
  return Math.floor(number / epochRecords) * auctionShare + ofEpoch;
}

function putLetters(line: Line, random: Random, count: number): void {
  for (let left = count; left > 0; ) {
    // Six letters of five bits each from one draw.
    let bits = random.bits();
    for (let index = 0; index < 6 && left > 0; index++, left--) {
      line.bytes[line.at++] = 0x61 + ((bits & 31) % 26);
      bits >>>= 5;
    }
  }
}

const decades = [100, 1000, 10_000, 100_000, 1_000_000, 10_000_000];

/**
 * A price in cents, of each order of magnitude alike. No logarithm: it need not give the same bits
 * everywhere.
 */
const price = (random: Random): number =>
  Math.floor(decades[random.below(decades.length)]! * (1 + 9 * random.unit()));

/** The newest of each hundred, among `count` that there are. */
const hottest = (count: number): number => firstId + Math.floor(Math.max(0, count - 1) / 100) * 100;

/** A person who is active at record `number`: one of the newest. */
function anyPerson(random: Random, number: number): number {
  const persons = Math.max(1, personsBefore(number));
  return firstId + persons - 1 - random.below(Math.min(persons, activePeople));
}

function anyAuction(random: Random, number: number): number {
  const auctions = Math.max(1, auctionsBefore(number));
  return firstId + auctions - 1 - random.below(Math.min(auctions, inFlightAuctions));
}

type PutTime = (line: Line, epochMs: number) => void;

/** What all three kinds need: the number of the record and its time. */
interface Moment {
  readonly number: number;
  readonly ms: number;
}

function putPerson(line: Line, random: Random, { number, ms }: Moment, putIso: PutTime): void {
  const first = firstNames[random.below(firstNames.length)]!;
  const last = lastNames[random.below(lastNames.length)]!;
  const [city, state] = cities[random.below(cities.length)]!.split(',');
  const card = Array.from({ length: 4 }, () => String(random.below(10_000)).padStart(4, '0')).join(' ');
  put(line, text.person);
  putInteger(line, firstId + personsBefore(number));
  const email = `${first.toLowerCase()}.${last.toLowerCase()}@nexmark.com`;
  put(line, fixed(`,"name":"${first} ${last}","emailAddress":"${email}","creditCard":"${card}"`));
  put(line, fixed(`,"city":"${city}","state":"${state}"`));
  put(line, text.time);
  putIso(line, ms);
  put(line, text.extra);
  putLetters(line, random, 20 + random.below(40));
}

function putAuction(line: Line, random: Random, { number, ms }: Moment, putIso: PutTime): void {
  const initial = price(random);
  put(line, text.auction);
  putInteger(line, firstId + auctionsBefore(number));
  put(line, text.itemName);
  putLetters(line, random, 20);
  put(line, text.description);
  putLetters(line, random, 100);
  put(line, text.initialBid);
  putInteger(line, initial);
  put(line, text.reserve);
  putInteger(line, initial + price(random));
  put(line, text.time);
  putIso(line, ms);
  put(line, text.expires);
  // Long enough for as many auctions as are open at once.
  const horizonMs = Math.ceil((inFlightAuctions * epochRecords) / auctionShare / recordsPerMs);
  putIso(line, ms + 1 + random.below(2 * horizonMs));
  put(line, text.seller);
  // Three of four auctions are by a hot seller.
  const hotSeller = hottest(personsBefore(number));
  putInteger(line, random.below(4) > 0 ? hotSeller : anyPerson(random, number));
  put(line, text.category);
  putInteger(line, firstCategory + random.below(categories));
  put(line, text.extraOfAuction);
  putLetters(line, random, 40 + random.below(80));
}

function putBid(line: Line, random: Random, { number, ms }: Moment, putIso: PutTime): void {
  // Half of the bids are for a hot auction, three of four by a hot bidder.
  const hotAuction = hottest(auctionsBefore(number));
  const hotBidder = hottest(personsBefore(number));
  put(line, text.bid);
  putInteger(line, random.below(2) > 0 ? hotAuction : anyAuction(random, number));
  put(line, text.bidder);
  putInteger(line, random.below(4) > 0 ? hotBidder : anyPerson(random, number));
  put(line, text.price);
  putInteger(line, price(random));
  put(line, text.channel);
  const hot = random.below(2) > 0;
  const channel = random.below(hot ? hotChannels.length : 10_000);
  if (hot) put(line, hotChannels[channel]!);
  else {
    put(line, text.numberedChannel);
    putInteger(line, channel);
  }
  put(line, text.url);
  putLetters(line, random, 15);
  put(line, text.item);
  if (!hot) {
    put(line, text.channelId);
    putInteger(line, channel);
  }
  put(line, text.quote);
  put(line, text.time);
  putIso(line, ms);
  put(line, text.extra);
  putLetters(line, random, random.below(30));
}

/** A function that puts the next person, auction or bid; event time begins at startMs. */
export function nexmark(random: Random, startMs: number): (line: Line) => void {
  const putIso = isoPutter();
  let next = 0;
  return (line) => {
    const number = next++;
    const within = number % epochRecords;
    const kind = within < personShare ? 0 : within < personShare + auctionShare ? 1 : 2;
    const moment = { number, ms: startMs + Math.floor(number / recordsPerMs) };
    put(line, text.type);
    putInteger(line, kind);
    put(line, text.time);
    putIso(line, moment.ms);
    const putKind = kind === 0 ? putPerson : kind === 1 ? putAuction : putBid;
    putKind(line, random, moment, putIso);
    put(line, text.end);
  };
}
