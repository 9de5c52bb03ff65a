/** A program for tests: the results of each key so far. */
export default {
  onRecord({ window_end, n }, context) {
    const total = context.value('total');
    total.set((total.get() ?? 0) + n);
    context.emit({ end: window_end, k: context.key[0], n, total: total.get() });
  },
};
