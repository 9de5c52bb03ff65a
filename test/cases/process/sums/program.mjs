/** A program for tests: sums by key over stretches of event time, with every kind of state, timers and an output beside. */
export default {
  onRecord({ t, v, ...rest }, context) {
    const sum = context.value('sum');
    sum.set((sum.get() ?? 0) + v);
    context.list('values').add(v);
    const counts = context.map('counts');
    counts.set(String(v), (counts.get(String(v)) ?? 0) + 1);
    context.onEventTime(Math.ceil((context.time + 1) / 5000) * 5000);
    if (v < 0) context.side('negative', { t, v, ...rest });
    if (v === 0) context.emit({ t, k: context.key[0], v, w: 0, kind: 'zero' });
  },
  onTimer({ time }, context) {
    const v = context.value('sum').get() ?? 0;
    const values = context.list('values').get();
    const w = context.map('counts').entries().length;
    context.emit({ t: time / 1000, k: context.key[0], v, w, kind: 'sum', values });
    if (v > 6) for (const state of [context.value('sum'), context.list('values'), context.map('counts')]) state.clear();
  },
};
