/** For `leat process`: says when nothing was heard of a user for a second of event time. */
const quietMs = 1000;

export default {
  onRecord({ user }, context) {
    const clicks = context.value('clicks');
    const until = context.value('until');
    clicks.set((clicks.get() ?? 0) + 1);
    if (until.get() !== undefined) context.cancelEventTime(until.get());
    until.set(context.time + quietMs);
    context.onEventTime(until.get());
  },
  onTimer({ time }, context) {
    const clicks = context.value('clicks');
    const [user] = context.key;
    if (clicks.get() > 1) context.emit({ user, quiet_since: new Date(time - quietMs).toISOString(), clicks: clicks.get() });
    clicks.clear();
    context.value('until').clear();
  },
};
