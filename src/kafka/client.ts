/**
 * The link to a cluster: which brokers there are, who leads a partition or coordinates a group, and a connection to
 * each, made when it is needed. The only file that knows kafkajs (2.2.4, exactly) and the files behind its door:
 * connections, security and the requests that are few. What moves records are frames of our own, sent over the same
 * connections.
 */
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import Broker from 'kafkajs/src/broker/index.js';
import { createLogger } from 'kafkajs/src/loggers/index.js';
import ConnectionPool from 'kafkajs/src/network/connectionPool.js';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import createSocketFactory from 'kafkajs/src/network/socketFactory.js';
import { createErrorFromCode } from 'kafkajs/src/protocol/error.js';
import Long from 'kafkajs/src/utils/long.js';

export interface ClientOptions {
  /** `host:port` of brokers to begin with. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** What node:tls is told; null or nothing: without TLS. */
  readonly ssl?: object | null;
  /** What kafkajs is told of SASL. */
  readonly sasl?: object | null;
  /** For the connection and the first answer over it. Default 4 s. */
  readonly connectTimeoutMs?: number;
  /** How long an answer may take. Default 30 s. */
  readonly requestTimeoutMs?: number;
}

/** A request of our own and how its answer is read. */
export interface Frame<Answer> {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly apiName: string;
  /** How long the answer may take; by default what the client says. */
  readonly timeoutMs?: number;
  encode(): Buffer;
  /** Throws an error of the protocol; see {@link protocolError}. */
  decode(answer: Buffer): Answer;
}

export interface TopicFacts {
  readonly name: string;
  /** Of the brokers' own, such as __consumer_offsets. */
  readonly internal: boolean;
  readonly partitions: readonly {
    readonly partition: number;
    readonly leader: number;
    /** Numbers of the brokers that keep a copy. */
    readonly replicas: readonly number[];
  }[];
}

/** A connected broker. */
export interface Node {
  /** `host:port`. */
  readonly address: string;
  /** Its requests, by kafkajs. */
  readonly requests: Broker;
  send<Answer>(frame: Frame<Answer>): Promise<Answer>;
}

export interface KafkaClient {
  readonly brokers: readonly string[];
  /** Asks about topics; all of them when none is named. */
  topics(names: readonly string[]): Promise<readonly TopicFacts[]>;
  /** The leader of a partition as it was last said; asks when nothing is known. */
  leader(topic: string, partition: number): Promise<Node>;
  /** Who keeps the offsets of a group, or the transactions of an id. */
  coordinator(kind: 'group' | 'transaction', id: string): Promise<Node>;
  /** Any broker. */
  anyNode(): Promise<Node>;
  /** All brokers that the cluster has told of. */
  everyNode(): Promise<readonly Node[]>;
  /** What was said of leaders and coordinators may be wrong: it is asked for again when it is needed. */
  forget(): void;
  close(): void;
}

/** The error of a number that brokers answer with, undefined for 0. */
export function protocolError(code: number): Error | undefined {
  return code === 0 ? undefined : createErrorFromCode(code);
}

/** A producer id, in the form that requests of kafkajs take. */
export const producerIdOf = (id: bigint): unknown => Long.fromValue(id.toString());

/**
 * In 2.2.4 the timer that looks for waiting requests sets itself again for ever, each millisecond, also when nothing waits.
 * Patched once: it is set when something waits or is throttled.
 */
function mendQueue(): void {
  const { prototype } = RequestQueue;
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
  };
}
let isMended = false;

const silent = () => createLogger({ level: 0, logCreator: () => () => {} });

const protocolOf = <Answer>(frame: Frame<Answer>) => ({
  request: {
    apiKey: frame.apiKey,
    apiVersion: frame.apiVersion,
    apiName: frame.apiName,
    encode: () => {
      const bytes = frame.encode();
      return Promise.resolve({ buf: bytes, buffer: bytes, size: () => bytes.length });
    },
  },
  response: {
    decode: (answer: Buffer) => Promise.resolve(frame.decode(answer)),
    parse: (answer: Answer) => Promise.resolve(answer),
  },
  ...(frame.timeoutMs === undefined ? {} : { requestTimeout: frame.timeoutMs }),
});

/** A broker with its connections. */
interface Link extends Node {
  connect(): Promise<void>;
  isReady(): boolean;
  close(): void;
}

const leaderNotAvailable = 5;
const brokerNotAvailable = 8;

function createLink(host: string, port: number, options: ClientOptions): Link {
  const logger = silent();
  const { clientId, ssl = null, sasl = null, connectTimeoutMs = 4000, requestTimeoutMs = 30_000 } = options;
  const connectionPool = new ConnectionPool({
    host,
    port,
    ssl,
    sasl,
    clientId,
    socketFactory: createSocketFactory(),
    connectionTimeout: connectTimeoutMs,
    requestTimeout: requestTimeoutMs,
    enforceRequestTimeout: true,
    logger,
  });
  const requests = new Broker({
    connectionPool,
    logger,
    allowAutoTopicCreation: false,
    authenticationTimeout: 10_000,
  });
  const address = `${host}:${port}`;
  /** What waits for an answer is over now, not when the broker has one. */
  const cut = (why: Error): void => {
    for (const connection of connectionPool.pool) {
      connection.rejectRequests(why);
      void connection.disconnect();
      const socket: Socket | undefined = connection.socket;
      socket?.destroy();
    }
  };
  return {
    address,
    requests,
    async connect() {
      // Who takes a connection and says nothing is found out soon: kafkajs would wait as long as for any answer.
      const timer = setTimeout(() => {
        if (!requests.versions) cut(noAnswer(address));
      }, connectTimeoutMs);
      try {
        await requests.connect();
      } finally {
        clearTimeout(timer);
      }
    },
    isReady: () => Boolean(requests.versions),
    send: (frame) => connectionPool.send(protocolOf(frame)),
    close: () => cut(new Error('the connection was closed here')),
  };
}

/** As kafkajs says it of a connection that does not come about. */
const noAnswer = (broker: string): Error =>
  Object.assign(new Error('Connection timeout'), { name: 'KafkaJSConnectionError', broker, retriable: true });

/** How long a broker may be silent before the next one is asked as well, in ms. */
const nextAfterMs = 500;

/** The first that succeeds of attempts that begin one after the other. Throws the failure of the first of them. */
async function firstToAnswer<Result>(attempts: readonly (() => Promise<Result>)[]): Promise<Result> {
  const begun: Promise<Result>[] = [];
  for (const attempt of attempts) {
    const result = attempt();
    begun.push(result);
    const isAnswered = result.then(
      () => true,
      () => false,
    );
    if (await Promise.race([isAnswered, pause(nextAfterMs, false, { ref: false })])) break;
  }
  try {
    return await Promise.any(begun);
  } catch (error) {
    // Credentials and certificates are as wrong for the next one; the first failure says most.
    throw (error as AggregateError).errors[0];
  }
}

interface Knowledge {
  /** Addresses by the number of the broker. */
  readonly addresses: Map<number, { readonly host: string; readonly port: number }>;
  readonly leaders: Map<string, number>;
  readonly coordinators: Map<string, string>;
}

/** `host:port`; an IPv6 address stands in brackets. */
function addressOf(text: string): { readonly host: string; readonly port: number } {
  const colon = text.lastIndexOf(':');
  const host = text.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  return { host, port: Number(text.slice(colon + 1)) };
}

const keyOf = (topic: string, partition: number): string => `${topic}/${partition}`;

/** Opens a client. Nothing is connected until something is asked. */
export function createKafkaClient(options: ClientOptions): KafkaClient {
  if (!isMended) {
    mendQueue();
    isMended = true;
  }
  const links = new Map<string, Link>();
  const known: Knowledge = { addresses: new Map(), leaders: new Map(), coordinators: new Map() };
  let closed = false;

  const linkTo = async (host: string, port: number): Promise<Link> => {
    if (closed) throw new Error('the client is closed');
    const address = `${host}:${port}`;
    let link = links.get(address);
    if (link === undefined) {
      link = createLink(host, port, options);
      links.set(address, link);
    }
    await link.connect();
    // A connection that came about while an earlier attempt failed has not asked what the broker can.
    if (!link.isReady()) {
      link.close();
      links.delete(address);
      throw createErrorFromCode(brokerNotAvailable);
    }
    return link;
  };

  /** Brokers that were named or have been told of, those that are connected first. */
  const anyNode = async (): Promise<Link> => {
    for (const link of links.values()) {
      // One that is still connecting has not said yet what it can do.
      if (link.requests.isConnected() && link.isReady()) return link;
    }
    const told = [...known.addresses.values()];
    const all = [...options.brokers.map(addressOf), ...told];
    return await firstToAnswer(
      all.map(
        ({ host, port }) =>
          () =>
            linkTo(host, port),
      ),
    );
  };

  const topics = async (names: readonly string[]): Promise<readonly TopicFacts[]> => {
    const { brokers, topicMetadata } = await (await anyNode()).requests.metadata(names);
    for (const { nodeId, host, port } of brokers) known.addresses.set(nodeId, { host, port });
    return topicMetadata.map(({ topic, isInternal, partitionMetadata }) => {
      const partitions = partitionMetadata.map(({ partitionId, leader, replicas }) => ({
        partition: partitionId,
        leader,
        replicas,
      }));
      for (const { partition, leader } of partitions) known.leaders.set(keyOf(topic, partition), leader);
      return { name: topic, internal: isInternal, partitions };
    });
  };

  return {
    brokers: options.brokers,
    topics,
    anyNode,
    async everyNode() {
      if (known.addresses.size === 0) await topics([]);
      return await Promise.all([...known.addresses.values()].map(({ host, port }) => linkTo(host, port)));
    },
    async leader(topic, partition) {
      if (!known.leaders.has(keyOf(topic, partition))) await topics([topic]);
      const address = known.addresses.get(known.leaders.get(keyOf(topic, partition)) ?? -1);
      // Nobody leads it for the moment, or there is no such partition.
      if (address === undefined) throw createErrorFromCode(leaderNotAvailable);
      return await linkTo(address.host, address.port);
    },
    async coordinator(kind, id) {
      const key = `${kind}/${id}`;
      const before = known.coordinators.get(key);
      if (before !== undefined) {
        const { host, port } = addressOf(before);
        return await linkTo(host, port);
      }
      const any = await anyNode();
      const coordinatorType = kind === 'group' ? 0 : 1;
      const { coordinator } = await any.requests.findGroupCoordinator({ groupId: id, coordinatorType });
      const { host, port } = coordinator;
      const link = await linkTo(host, port);
      known.coordinators.set(key, link.address);
      return link;
    },
    forget() {
      known.leaders.clear();
      known.coordinators.clear();
      for (const [address, link] of links) {
        if (link.requests.isConnected()) continue;
        link.close();
        links.delete(address);
      }
    },
    close() {
      closed = true;
      for (const link of links.values()) link.close();
    },
  };
}
