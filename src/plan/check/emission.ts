/** What a window can be asked to give besides its results when it fires, and what an aggregate behind it can. */
import type { ProblemDetails } from '../../diagnostics/index.js';
import { type Emission, emissionTexts } from '../emission.js';
import { readsBounds } from '../fields-read.js';
import type { Flow } from '../flow.js';
import type { AggregateNode, NodeKind, WindowNode, WindowShape } from '../nodes/index.js';

const wrong = (message: string, hint: string): ProblemDetails => ({ code: 'plan', message, hint });

/** Problems of the emission of a window by itself. */
export function checkEmission({ emission, window, processingTime }: WindowNode): readonly ProblemDetails[] {
  if (emission === undefined) return [];
  const { emit, latenessMs, fill, atMost } = emission;
  if (window.shape === 'count') {
    return [
      wrong(
        'a count window has no bounds in time, and gives its results once, when it is full',
        'leave --emit, --allowed-lateness, --fill and --at-most out, or take windows of time',
      ),
    ];
  }
  const found: ProblemDetails[] = [];
  if (window.shape === 'session' && (fill !== undefined || atMost !== undefined)) {
    found.push(
      wrong(
        'a session is where records are, and its bounds are known when it closes: no row of it is empty, or final before',
        'leave --fill and --at-most out, or take windows of a fixed size',
      ),
    );
  }
  if (processingTime && (emit?.kind === 'early' || latenessMs !== undefined || fill !== undefined)) {
    found.push(
      wrong(
        'with --processing-time nothing is late, and there is no event time to go on by',
        'leave --emit early, --allowed-lateness and --fill out, or use event time',
      ),
    );
  }
  if (atMost !== undefined && (emit !== undefined || latenessMs !== undefined || fill !== undefined)) {
    found.push(
      wrong(
        'rows of --at-most are final, and begin anew: they cannot be corrected, provisional or filled',
        'leave --emit, --allowed-lateness and --fill out, or --at-most',
      ),
    );
  }
  return found;
}

/** Problems of the emission that an aggregate is asked for. */
export function checkEmit({ emit }: AggregateNode, input: Flow): readonly ProblemDetails[] {
  if (emit === undefined) return [];
  const { window } = input;
  if (window?.window.shape === 'session') {
    return [
      wrong(
        'the results of sessions are asked for at the window, which sends their records as they come then',
        'say --emit at window session',
      ),
    ];
  }
  if (window === undefined) {
    if (emit.kind === 'changes' || input.piped) return [];
    return [
      wrong('there is no window, whose results could come early', 'put a window in front, or --emit changes'),
    ];
  }
  if (window.emission?.emit !== undefined) {
    return [wrong('the window has said already when results are given', 'say --emit once')];
  }
  return checkEmission({ ...window, emission: { ...window.emission, emit } });
}

const usingWindows: ReadonlySet<NodeKind> = new Set(['dedup', 'top', 'head-by-key', 'sample', 'sort', 'to']);

/** What may stand between a session window and its aggregate, when every record must arrive there. */
const passingAll: ReadonlySet<NodeKind> = new Set(['select', 'tee', 'aggregate']);

/** Why a kind of node cannot stand behind a window that was asked for more than results once; undefined when it can. */
export function whyNotBehind(kind: NodeKind, shape: WindowShape, emission: Emission): string | undefined {
  const asked = `the window is asked for results that come ${emissionTexts(emission).join(', ')}`;
  if (usingWindows.has(kind)) return `${asked}, which ${kind} cannot give`;
  if (shape.shape !== 'session' || passingAll.has(kind)) return undefined;
  return `${asked}, and ${kind} does not pass on every record, by which its aggregate knows the sessions`;
}

/** Problems of a node behind a window that was asked for more than results once. */
export function checkUseOf(kind: NodeKind, input: Flow): readonly ProblemDetails[] {
  const { window } = input;
  if (window?.emission === undefined) return [];
  const why = whyNotBehind(kind, window.window, window.emission);
  if (why === undefined) return [];
  return [wrong(why, 'put an aggregate behind the window, or leave these options out')];
}

/** Problems of an aggregate that looks at the bounds of sessions while they grow. */
export function checkBoundsRead(node: AggregateNode, { window }: Flow): readonly ProblemDetails[] {
  if (window?.emission === undefined || window.window.shape !== 'session' || !readsBounds(node)) return [];
  return [
    wrong(
      'the bounds of a session are not known at its records when it is told before it closes',
      'leave window_start and window_end out, which results have anyway, or --emit and --allowed-lateness',
    ),
  ];
}
