/**
 * The files of kafkajs 2.2.4 behind its door that client.ts uses, as far as it uses them. Its published types do not
 * cover them.
 */
declare module 'kafkajs/src/broker/index.js' {
  interface Named {
    readonly topic: string;
  }
  interface Options {
    readonly connectionPool: unknown;
    readonly logger: unknown;
    readonly nodeId?: number;
    readonly allowAutoTopicCreation?: boolean;
    readonly authenticationTimeout?: number;
  }
  interface Coordinated {
    readonly transactionalId: string;
    readonly producerId: unknown;
    readonly producerEpoch: number;
  }
  interface OffsetTopic extends Named {
    readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
  }
  export default class Broker {
    constructor(options: Options);
    readonly nodeId: number | null;
    /** Null until the broker was asked. */
    readonly versions: object | null;
    isConnected(): boolean;
    connect(): Promise<void>;
    /** What the broker can do; null before it was asked. */
    readonly versions: unknown;
    metadata(topics: readonly string[]): Promise<{
      readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[];
      readonly topicMetadata: readonly {
        readonly topic: string;
        readonly isInternal: boolean;
        readonly partitionMetadata: readonly {
          readonly partitionId: number;
          readonly leader: number;
          readonly replicas: readonly number[];
        }[];
      }[];
    }>;
    findGroupCoordinator(request: { readonly groupId: string; readonly coordinatorType: 0 | 1 }): Promise<{
      readonly coordinator: { readonly nodeId: number; readonly host: string; readonly port: number };
    }>;
    listOffsets(request: {
      readonly isolationLevel: 0 | 1;
      readonly topics: readonly {
        readonly topic: string;
        readonly partitions: readonly { readonly partition: number; readonly timestamp: number }[];
      }[];
    }): Promise<{
      readonly responses: readonly {
        readonly topic: string;
        readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
      }[];
    }>;
    offsetFetch(request: {
      readonly groupId: string;
      readonly topics: readonly {
        readonly topic: string;
        readonly partitions: readonly { readonly partition: number }[];
      }[];
    }): Promise<{
      readonly responses: readonly {
        readonly topic: string;
        readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
      }[];
    }>;
    joinGroup(request: {
      readonly groupId: string;
      readonly sessionTimeout: number;
      readonly rebalanceTimeout: number;
      readonly memberId: string;
      readonly groupProtocols: readonly { readonly name: string; readonly metadata: Buffer }[];
    }): Promise<{
      readonly generationId: number;
      readonly leaderId: string;
      readonly memberId: string;
      /** Told to the leader only. */
      readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[];
    }>;
    syncGroup(request: {
      readonly groupId: string;
      readonly generationId: number;
      readonly memberId: string;
      readonly groupAssignment: readonly { readonly memberId: string; readonly memberAssignment: Buffer }[];
    }): Promise<{ readonly memberAssignment: Buffer }>;
    heartbeat(request: {
      readonly groupId: string;
      readonly groupGenerationId: number;
      readonly memberId: string;
    }): Promise<void>;
    leaveGroup(request: { readonly groupId: string; readonly memberId: string }): Promise<void>;
    listGroups(): Promise<{ readonly groups: readonly { readonly groupId: string }[] }>;
    describeGroups(request: { readonly groupIds: readonly string[] }): Promise<{
      readonly groups: readonly {
        readonly groupId: string;
        readonly state: string;
        readonly protocol: string;
        readonly members: readonly unknown[];
      }[];
    }>;
    offsetCommit(request: {
      readonly groupId: string;
      readonly groupGenerationId: number;
      readonly memberId: string;
      readonly topics: readonly OffsetTopic[];
    }): Promise<void>;
    initProducerId(request: {
      readonly transactionalId: string | undefined;
      readonly transactionTimeout: number;
    }): Promise<{ readonly producerId: string; readonly producerEpoch: number }>;
    addPartitionsToTxn(
      request: Coordinated & {
        readonly topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[];
      },
    ): Promise<void>;
    addOffsetsToTxn(request: Coordinated & { readonly groupId: string }): Promise<void>;
    txnOffsetCommit(
      request: Coordinated & { readonly groupId: string; readonly topics: readonly OffsetTopic[] },
    ): Promise<void>;
    endTxn(request: Coordinated & { readonly transactionResult: boolean }): Promise<void>;
    createTopics(request: {
      readonly topics: readonly {
        readonly topic: string;
        readonly numPartitions: number;
        readonly replicationFactor: number;
        readonly configEntries: readonly { readonly name: string; readonly value: string }[];
      }[];
      readonly validateOnly: boolean;
      readonly timeout: number;
    }): Promise<void>;
  }
}

declare module 'kafkajs/src/network/connectionPool.js' {
  interface Connection {
    readonly socket?: import('node:net').Socket;
    readonly requestQueue: { destroy(): void };
    rejectRequests(error: Error): void;
    disconnect(): Promise<unknown>;
  }
  export default class ConnectionPool {
    constructor(options: {
      readonly host: string;
      readonly port: number;
      readonly ssl: unknown;
      readonly sasl: unknown;
      readonly clientId: string;
      readonly socketFactory: unknown;
      readonly connectionTimeout: number;
      readonly requestTimeout: number;
      readonly enforceRequestTimeout: boolean;
      readonly logger: unknown;
    });
    readonly pool: readonly Connection[];
    send<Result>(exchange: unknown): Promise<Result>;
    destroy(): Promise<void>;
  }
}

declare module 'kafkajs/src/network/requestQueue/index.js' {
  export default class RequestQueue {
    readonly pending: readonly unknown[];
    readonly throttledUntil: number;
    scheduleCheckPendingRequests(): void;
  }
}

declare module 'kafkajs/src/network/socketFactory.js' {
  export default function createSocketFactory(): unknown;
}

declare module 'kafkajs/src/loggers/index.js' {
  export function createLogger(options: {
    readonly level: number;
    readonly logCreator: () => (entry: unknown) => void;
  }): unknown;
}

declare module 'kafkajs/src/protocol/error.js' {
  export function createErrorFromCode(code: number): Error & {
    readonly type: string;
    readonly code: number;
    readonly retriable: boolean;
  };
}

declare module 'kafkajs/src/utils/long.js' {
  const Long: { fromValue(value: unknown): unknown };
  export default Long;
}
