// Computes times from a browser's trace: from a pointer event or a key press to the frame that shows
// its effect, and from frame to frame.

/** Trace events of a key press, without those of the character that the key types. */
const KEY = /^InputLatency::(?:Raw)?KeyDown$/;

const byTime = (a, b) => a.ts - b.ts;
const firstAt = (list, time) => list.find((entry) => entry.ts >= time);

/** The browser's report of each frame that reached the screen, with the time `ts` in µs. */
function* shownFrames(events, pid) {
  const open = new Map();
  for (const event of events) {
    if (event.name !== 'PipelineReporter' || event.pid !== pid) continue;
    const key = event.id2?.local;
    if (event.ph === 'b') open.set(key, event.args.frame_reporter);
    if (event.ph !== 'e') continue;
    const frame = open.get(key);
    if (frame?.state.startsWith('STATE_PRESENTED')) yield { ...frame, ts: event.ts };
  }
}

/** A map from the number of each frame of the page that reached the screen to its time in µs. */
function presented(events, pid) {
  const frames = new Map();
  for (const { frame_sequence, frame_type, ts } of shownFrames(events, pid)) {
    // A forked report is about a frame of the compositor alone, without the page.
    if (frame_type !== 'FORKED') frames.set(frame_sequence, ts);
  }
  return frames;
}

/**
 * The page's frames: when drawing began (`ts`) and ended, and when the screen showed them, in µs.
 */
function framesOf(events, pid, tid) {
  const frames = presented(events, pid);
  return events
    .filter((e) => e.name === 'ProxyMain::BeginMainFrame' && e.pid === pid && e.tid === tid)
    .map(({ ts, dur, args }) => ({ ts, end: ts + dur, shown: frames.get(args.begin_frame_id) }))
    .filter(({ shown }) => shown !== undefined);
}

/**
 * Milliseconds from the moment when the browser got each pointer event to the first frame on the screen
 * whose drawing ended after the page had handled the event.
 */
export function latencies(trace) {
  const events = trace.filter(({ ts }) => ts > 0).sort(byTime);
  const dispatched = events.filter(
    ({ name, args }) =>
      name === 'EventDispatch' && /^(?:pointer|mouse)move$/.test(args.data?.type ?? ''),
  );
  if (dispatched.length === 0) throw new Error('the trace has no pointer events');
  const { pid, tid } = dispatched[0];
  const begun = framesOf(events, pid, tid);
  const inputs = events.filter((e) => e.name === 'InputLatency::MouseMove' && e.ph === 'b');
  const found = [];
  for (const input of inputs) {
    const handled = firstAt(dispatched, input.ts);
    const frame = handled && begun.find(({ end }) => end >= handled.ts + handled.dur);
    if (frame) found.push((frame.shown - input.ts) / 1000);
  }
  if (found.length < inputs.length / 2) {
    throw new Error(`only ${found.length} of ${inputs.length} pointer events came to the screen`);
  }
  return found;
}

/**
 * Milliseconds from each key press to the frame that answers it: the first frame on the screen that
 * began after the page's next `performance.mark` named `mark`.
 */
export function answers(trace, mark) {
  const events = trace.filter(({ ts }) => ts > 0).sort(byTime);
  const presses = events.filter((e) => KEY.test(e.name) && e.ph === 'b');
  const marks = events.filter((e) => e.name === mark && e.cat.includes('blink.user_timing'));
  if (marks.length === 0) throw new Error(`the trace has no ${mark}`);
  const frames = framesOf(events, marks[0].pid, marks[0].tid);
  return presses.map((press) => {
    const marked = firstAt(marks, press.ts);
    const frame = marked && firstAt(frames, marked.ts);
    if (!frame) throw new Error('a key was never answered');
    return (frame.shown - press.ts) / 1000;
  });
}

/** Milliseconds from each frame on the screen to the next, while a part of the page is scrolled. */
export function intervals(trace) {
  const events = trace.filter(({ ts }) => ts > 0).sort(byTime);
  const scrolls = events.filter(
    ({ name, args }) => name === 'EventDispatch' && args.data?.type === 'scroll',
  );
  if (scrolls.length === 0) throw new Error('the trace shows no scrolling');
  const [from, to] = [scrolls[0].ts, scrolls.at(-1).ts];
  const times = [...shownFrames(events, scrolls[0].pid)]
    .map(({ ts }) => ts)
    .filter((ts) => ts >= from && ts <= to)
    .sort((a, b) => a - b);
  return times.slice(1).map((ts, index) => (ts - times[index]) / 1000);
}

/** @param share of the values that lie below the quantile, 0 … 1 */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}
