/**
 * Session windows as a stage of their own, in front of an aggregate that is asked for more than results once. Such a stage
 * cannot wait until a session closes: it passes each record on at once with the bounds that its session has with it, and the
 * aggregate behind it makes the same sessions of them. Records that are late for every session stay here.
 */
import { emissionTexts, type TellingSessionsStep, type WindowNode, windowText } from '../../../plan/index.js';
import { batchCapacity } from '../../../record/index.js';
import { type Builder, rejectOf } from '../../builder.js';
import { imageEditor, sendAs } from '../../fields.js';
import type { AddedKeys } from '../../keyby.js';
import { assignSlots } from '../../keyed-cells/group-keys.js';
import type { Operator, Output } from '../../operator.js';
import type { Place, PlaceTime, Services } from '../../place.js';
import { type BoundsFields, boundsFields, putBounds, spellBounds } from '../../window/bounds.js';
import { buildWindowWith, type Stage } from '../../window/index.js';
import { spellKeys } from '../../window/kept.js';
import { keysOf } from '../../window/session.js';
import { editSessions, openSessions } from '../edit-sessions.js';
import { showSlots } from '../entries.js';
import { type PlannedAggregate, planAggregate } from '../planned.js';
import { endBatch, startRunning } from '../running.js';
import {
  createSessionGroups,
  dropIdleKeys,
  readSessionGroups,
  writeSessionGroups,
} from '../session-groups.js';
import { growFirst } from '../session-table.js';
import type { SessionShape } from '../sessions.js';
import { assignedSessions, forgetSessions, joinSession } from './join-session.js';

/** What the stage is made of. */
interface StageParts {
  /** Sessions without anything accumulated. */
  readonly planned: PlannedAggregate;
  readonly shape: SessionShape;
  readonly latenessMs: number;
  readonly keys: AddedKeys;
  readonly bounds: BoundsFields;
  readonly time: PlaceTime;
}

const nowhere: Output = { batch() {}, watermark() {} };

function createStage(parts: StageParts, output: Output, { reports, clock }: Services): Operator {
  const { planned, shape, latenessMs, keys, bounds, time } = parts;
  const services = { reports, clock };
  const running = startRunning(planned, time, nowhere, services);
  const groups = createSessionGroups(running, shape.gapMs);
  const sessions = assignedSessions(shape.gapMs);
  const keySlots = new Int32Array(batchCapacity);
  const imageFor = imageEditor(bounds.fields, []);
  const reject = rejectOf(services);
  const lateness = latenessMs === 0 ? '' : `; ${emissionTexts({ latenessMs }).join()}`;
  return {
    stateShape: `bounds of ${windowText(shape)}${spellKeys(keys.key)}${lateness}`,
    staysInMemory: true,
    snapshot: (into) => writeSessionGroups(into, running, groups),
    entries: () => showSlots(running, groups, openSessions(groups.table, groups.keys.table.count)),
    edit() {
      Object.assign(groups, createSessionGroups(running, shape.gapMs));
      return editSessions(running, groups);
    },
    restore: (from) => readSessionGroups(from, running, groups),
    onBatch(incoming) {
      keys.around(incoming, reject, (batch) => {
        const { selection, selected, marks } = batch;
        assignSlots(groups.keys, running.reader, batch, selection, selected, keySlots);
        growFirst(groups.table, groups.keys.table.count);
        spellBounds(batch, bounds, time);
        let kept = 0;
        for (let k = 0; k < selected; k++) {
          const row = selection[k]!;
          const mark = marks[row]!;
          forgetSessions(groups, running, mark - latenessMs);
          sessions.find(batch, row, services);
          const arrival = running.arrival + row;
          const slot = joinSession(groups, running, sessions, {
            key: keySlots[k]!,
            mark,
            latenessMs,
            arrival,
          });
          if (slot < 0) {
            reports.late(batch, row);
            continue;
          }
          groups.table.filled[slot] = 1;
          putBounds(batch, bounds, row, groups.table.starts[slot]!, groups.table.ends[slot]!);
          selection[kept++] = row;
        }
        batch.selected = kept;
        sendAs(imageFor(batch.image), batch, output);
        dropIdleKeys(groups);
        endBatch(running, batch);
      });
    },
    onWatermark(watermark) {
      forgetSessions(groups, running, watermark - latenessMs);
      dropIdleKeys(groups);
      // By it an edited session is judged.
      if (watermark > running.result.watermark) running.result.watermark = watermark;
      output.watermark(watermark);
    },
    onEnd() {},
  };
}

function buildStage(node: WindowNode, place: Place): Stage {
  const shape = node.window as SessionShape;
  const latenessMs = node.emission?.latenessMs ?? 0;
  const keys = keysOf(node.by, place);
  const time = place.time!;
  const bounds = boundsFields(keys.rows);
  const planned = planAggregate(
    { kind: 'aggregate', id: '', inputs: [], calls: [], by: [] },
    {
      place: { ...place, rows: keys.rows, key: keys.key },
      window: 'time',
      known: [],
      emission: latenessMs === 0 ? undefined : { latenessMs },
    },
  );
  const parts: StageParts = { planned, shape, latenessMs, keys, bounds, time };
  return {
    rows: bounds.rows,
    key: keys.key,
    time,
    create: (output: Output, services: Services): Operator => createStage(parts, output, services),
  };
}

/** Sessions whose results are asked for more than once, where another stage aggregates them. */
export const buildTellingSessions: Builder<TellingSessionsStep> = (step, place) =>
  buildWindowWith(buildStage, { ...step, kind: 'window' }, place);
