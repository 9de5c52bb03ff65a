/** The shapes of nodes in a plan file, one for each kind; the type makes a forgotten kind a compile error. */
import { execPers, fillValues, joinKinds, type NodeKind, viaSettles } from '../nodes/index.js';
import {
  choice,
  finite,
  list,
  members,
  type OptionalShape,
  optional,
  type Shape,
  tagged,
  text,
  truth,
  whole,
} from './shape.js';

const named = members({ name: text, expression: text });

const format = members({
  name: choice(['json', 'nginx', 'apache', 'logfmt', 'syslog', 'csv', 'tsv']),
  pattern: optional(text),
  columns: optional(list(text)),
});

const time = members({
  field: text,
  format: optional(text),
  zone: optional(text),
  delayMs: whole(0),
  maxSkewMs: optional(whole(0)),
  idleMs: optional(whole(0)),
});

const call = members({
  name: text,
  function: text,
  arguments: list(text),
  distinct: truth,
  filter: optional(text),
});

const aligned = { offsetMs: whole(Number.MIN_SAFE_INTEGER), zone: optional(text) };

const windowShapes = {
  tumble: members({ shape: text, sizeMs: whole(1), ...aligned }),
  hop: members({ shape: text, sizeMs: whole(1), slideMs: whole(1), ...aligned }),
  cumulate: members({ shape: text, maxMs: whole(1), stepMs: whole(1), ...aligned }),
  session: members({ shape: text, gapMs: whole(1) }),
  count: members({ shape: text, size: whole(1), slide: whole(1) }),
};

const windowShape = tagged('shape', windowShapes);
const { tumble, hop, cumulate } = windowShapes;
const alignedShape = tagged('shape', { tumble, hop, cumulate });

const late = tagged('kind', {
  drop: members({ kind: text }),
  fail: members({ kind: text }),
  file: members({ kind: text, path: text }),
});

const emit = tagged('kind', {
  changes: members({ kind: text }),
  early: members({ kind: text, everyMs: whole(1) }),
});

const emission = members({
  emit: optional(emit),
  latenessMs: optional(whole(1)),
  fill: optional(choice(['zero'])),
  atMost: optional(whole(1)),
});

const folder = members({
  rollBytes: whole(1),
  rollMs: whole(1),
  partition: optional(text),
  zone: optional(text),
});

function node(inputs: 0 | 1 | 2, shapes: Readonly<Record<string, Shape | OptionalShape>>): Shape {
  const inputsShape: Shape = (value, path) => {
    list(text, inputs)(value, path);
    if (inputs === 0) list(choice([]))(value, path);
  };
  return members({ kind: text, id: text, inputs: inputsShape, uid: optional(text), ...shapes });
}

const shapes: Readonly<Record<NodeKind, Shape>> = {
  from: node(0, {
    uris: list(text, 1),
    format,
    time: optional(time),
    follow: optional(truth),
    onLost: optional(choice(['fail', 'report'])),
  }),
  gen: node(0, {
    dataset: choice(['clicks', 'access-log', 'nexmark']),
    count: optional(whole(0)),
    seed: whole(0),
    ratePerSecond: optional(finite),
    time: optional(time),
  }),
  parse: node(1, { format }),
  filter: node(1, { condition: text }),
  select: node(1, { star: truth, items: list(named), drop: list(text) }),
  flatten: node(1, { field: text, as: text, index: optional(text), keepEmpty: truth }),
  lookup: node(1, {
    file: text,
    format,
    on: list(members({ expression: text, field: text }), 1),
    join: choice(['inner', 'left']),
    fields: optional(list(named, 1)),
    prefix: text,
  }),
  keyby: node(1, { keys: list(named, 1) }),
  window: node(1, {
    window: windowShape,
    time: optional(time),
    processingTime: truth,
    by: list(named),
    late,
    emission: optional(emission),
  }),
  aggregate: node(1, {
    calls: list(call, 1),
    by: list(named),
    maxGroups: optional(whole(1)),
    emit: optional(emit),
  }),
  sort: node(1, { by: list(named), descending: truth, time: optional(time), late }),
  fill: node(1, {
    everyMs: optional(whole(1)),
    by: list(named),
    value: choice(fillValues),
    time: optional(text),
    maxGapMs: optional(whole(0)),
    maxKeys: optional(whole(1)),
  }),
  over: node(1, {
    calls: list(call, 1),
    by: list(named),
    frame: tagged('kind', {
      rows: members({ kind: text, count: optional(whole(1)) }),
      range: members({ kind: text, rangeMs: optional(whole(1)) }),
    }),
    time: optional(time),
    late,
    maxKeys: optional(whole(1)),
  }),
  dedup: node(1, {
    by: list(named),
    keep: choice(['first', 'last']),
    withinMs: optional(whole(1)),
    time: optional(time),
    maxKeys: optional(whole(1)),
    late: optional(late),
  }),
  join: node(2, {
    join: choice(joinKinds),
    on: list(members({ left: text, right: text }), 1),
    match: tagged('by', {
      interval: members({
        by: text,
        lowerMs: whole(Number.MIN_SAFE_INTEGER),
        upperMs: whole(Number.MIN_SAFE_INTEGER),
      }),
      window: members({ by: text, window: alignedShape, late }),
      temporal: members({ by: text, late }),
      regular: members({ by: text, retentionMs: optional(whole(0)) }),
    }),
    prefix: text,
  }),
  top: node(1, {
    count: whole(1),
    rank: text,
    ascending: truth,
    per: list(named),
    overall: truth,
    late: optional(late),
  }),
  'head-by-key': node(1, { count: whole(1), by: list(named), maxKeys: optional(whole(1)) }),
  sample: node(1, {
    size: tagged('kind', {
      share: members({ kind: text, percent: finite }),
      count: members({ kind: text, count: whole(1) }),
    }),
    seed: whole(0),
    by: list(named),
  }),
  union: node(2, {}),
  process: node(1, {
    file: text,
    by: list(named),
    sides: list(members({ name: text, path: text })),
  }),
  tee: node(1, { path: text, when: optional(text) }),
  exec: node(1, {
    command: list(text, 1),
    per: choice(execPers),
    jobs: whole(1),
    retries: whole(0),
    ok: list(whole(0), 1),
    as: optional(text),
  }),
  via: node(1, {
    command: list(text, 1),
    settle: choice(viaSettles),
    ok: list(whole(0), 1),
    untimed: truth,
  }),
  to: node(1, {
    uri: text,
    format: choice(['json', 'csv', 'tsv', 'table']),
    guarantee: optional(choice(['exactly-once', 'at-least-once'])),
    folder: optional(folder),
    exec: optional(members({ command: text, retries: whole(0) })),
    changelog: optional(choice(['debezium'])),
    topic: optional(members({ key: optional(list(text)), headers: optional(list(named)) })),
  }),
};

/** The shape of any node. */
export const nodeShape: Shape = tagged('kind', shapes);
