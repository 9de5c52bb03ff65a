/**
 * Errors of connections and of the protocol as problems that a user can act on, and whether one may pass by
 * itself. kafkajs calls nearly everything retriable, a certificate that has expired too: what passes is
 * decided here. An error that is none of these is a defect and stays what it is.
 */
import { isProblem, problem } from '../diagnostics/index.js';
import { type ConnectionError, connectionFault, type Fault } from './connection-faults.js';
import { protocolFault } from './protocol-faults.js';

export interface KafkaErrorPlace {
  /** `host:port` as they were named. */
  readonly brokers: readonly string[];
  /** The topic that it is about, if it is about one. */
  readonly topic?: string | undefined;
}

/** Busy or moving, though kafkajs does not say that it passes. */
const passingTypes: ReadonlySet<string> = new Set(['CONCURRENT_TRANSACTIONS', 'BROKER_NOT_AVAILABLE']);

/** What stands behind errors that only say how often something was tried. */
function innermost(error: unknown): unknown {
  const { name, cause, errors } = error as { name?: string; cause?: unknown; errors?: readonly unknown[] };
  if (name === 'KafkaJSNumberOfRetriesExceeded' && cause !== undefined) return innermost(cause);
  if (name === 'KafkaJSAggregateError' && errors?.[0] !== undefined) return innermost(errors[0]);
  return error;
}

function faultOf(error: unknown, { brokers, topic }: KafkaErrorPlace): Fault | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { type, message, retriable } = error as ConnectionError & { readonly retriable?: boolean };
  if (typeof type === 'string') {
    const passes = retriable === true || passingTypes.has(type);
    return protocolFault(type, { brokers: brokers.join(','), topic }, message, passes);
  }
  const fault = connectionFault(error as ConnectionError, brokers);
  if (fault !== undefined || !String((error as Error).name).startsWith('KafkaJS')) return fault;
  return {
    message: `${brokers.join(',')}: ${message}`,
    hint: '--retry goes on trying',
    passes: retriable === true,
  };
}

/** Whether an error may go away by itself: brokers restart, leaders move, coordinators load. */
export function isRetriable(error: unknown): boolean {
  return !isProblem(error) && faultOf(innermost(error), { brokers: [] })?.passes === true;
}

/** The problem that an error is, with what to mend; an error of another kind comes back as it is. */
export function kafkaProblem(error: unknown, place: KafkaErrorPlace): Error {
  if (isProblem(error)) return error;
  const fault = faultOf(innermost(error), place);
  if (fault === undefined) return error instanceof Error ? error : new Error(String(error));
  const { message, hint } = fault;
  return problem({ code: 'input', message, hint, cause: error });
}
