/** What a window can be asked to give besides its results when it fires, and what an aggregate behind it can. */
import type { ProblemDetails } from '../../diagnostics/index.js';
import { emissionTexts } from '../emission.js';
import type { Flow } from '../flow.js';
import type { AggregateNode, NodeKind, WindowNode } from '../nodes/index.js';

const wrong = (message: string, hint: string): ProblemDetails => ({ code: 'plan', message, hint });

/** Problems of the emission of a window by itself. */
export function checkEmission({ emission, window, processingTime }: WindowNode): readonly ProblemDetails[] {
  if (emission === undefined) return [];
  const { emit, latenessMs, fill, atMost } = emission;
  if (window.shape === 'session' || window.shape === 'count') {
    const why = window.shape === 'session' ? 'has its bounds when it closes' : 'has no bounds in time';
    return [
      wrong(
        `a ${window.shape} window ${why}, and gives its results once, then`,
        'leave --emit, --allowed-lateness, --fill and --at-most out, or take windows of a fixed size',
      ),
    ];
  }
  const found: ProblemDetails[] = [];
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

/** Whether a kind of node uses windows up and knows nothing of when to give results. */
export const ignoresEmission = (kind: NodeKind): boolean => usingWindows.has(kind);

/** Problems of a node behind a window that was asked for more than results once. */
export function checkUseOf(kind: NodeKind, input: Flow): readonly ProblemDetails[] {
  const emission = input.window?.emission;
  if (emission === undefined || !ignoresEmission(kind)) return [];
  return [
    wrong(
      `the window is asked for results that come ${emissionTexts(emission).join(', ')}, which ${kind} cannot give`,
      'put an aggregate behind the window, or leave these options out',
    ),
  ];
}
