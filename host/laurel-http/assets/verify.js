// Verifies badges on the visitor's own machine, with the same code that the host runs, compiled to WebAssembly. Without scripts the form
// goes to the host, which answers with a page; so does a badge given by its address, unless its site lets other pages read it, and one
// that this machine could not check completely.
'use strict';

const MAX_DOCUMENT = 1 << 20;
const MAX_FETCHES = 64;
const TIMEOUT = 5000;
// Beyond 128 bytes a browser would ask each site's leave first, which hardly any would give.
const ACCEPT = 'application/vc+ld+json, application/vc, application/vc+jwt, application/ld+json, application/json, */*';

const form = document.querySelector('form.verify');
let module;

/** The module, fetched when it is first needed. */
function verifier() {
  module ??= WebAssembly.instantiateStreaming(fetch(form.dataset.verifier)).then(({ instance }) => instance.exports);
  return module;
}

/** One question, as the canonical ABI of the component model passes strings. */
async function ask(question) {
  const { memory, cabi_realloc: allocate, answer, cabi_post_answer: release } = await verifier();
  const bytes = new TextEncoder().encode(JSON.stringify(question));
  const at = allocate(0, 0, 1, bytes.length);
  new Uint8Array(memory.buffer, at, bytes.length).set(bytes);
  const result = answer(at, bytes.length);
  const [start, length] = new Uint32Array(memory.buffer, result, 2);
  const text = new TextDecoder().decode(new Uint8Array(memory.buffer, start, length));
  release(result);
  return JSON.parse(text);
}

function base64(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/** What is at an address. Of a hosted badge it is an answer, too, that it is gone, with a word about that or without. */
async function fetched(url, kind) {
  const signal = AbortSignal.timeout(TIMEOUT);
  const options = { headers: { accept: ACCEPT }, credentials: 'omit', referrerPolicy: 'no-referrer', redirect: 'error', signal };
  const response = await fetch(url, options);
  const gone = kind === 'hosted' && response.status === 410;
  if (!response.ok && !gone) throw new Error(`it answered with HTTP status ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (gone && bytes[0] !== 0x7b) throw Object.assign(new Error('it is gone'), { gone });
  if (bytes.length > MAX_DOCUMENT) throw new Error('it is too large');
  return bytes;
}

/** A wanted document, or why it could not be had. */
async function material({ url, kind }) {
  try {
    return { url, document: base64(await fetched(url, kind)) };
  } catch ({ message, gone = false }) {
    return { url, failure: `this browser could not fetch it (${message})`, gone };
  }
}

/** Fetches round by round what the verifier still wants, all of a round at once. */
async function verify(presented) {
  const recipient = form.elements.recipient.value;
  const distrusted = form.dataset.distrusted.split(' ').filter(Boolean);
  const question = { now: Date.now(), presented: base64(presented), recipient, distrusted, material: [] };
  for (;;) {
    const answer = await ask(question);
    if (!answer.needs) return answer;
    const allowed = answer.needs.slice(0, MAX_FETCHES - question.material.length);
    if (allowed.length === 0) return { unreadable: 'it wants more and more documents' };
    question.material.push(...(await Promise.all(allowed.map(material))));
  }
}

/** The same question to the host: it knows contexts that its operator added, and reads sites that let no page of others read them. */
async function hostAnswers(presented) {
  const data = new FormData();
  data.set('recipient', form.elements.recipient.value);
  data.set('file', new Blob([presented]), 'badge');
  const response = await fetch(form.action, { method: 'POST', body: data });
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const section = page.querySelector('section.answer');
  if (!section) throw new Error(`the host answered with HTTP status ${response.status}`);
  return document.adoptNode(section);
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function line({ question, tone, word, message }) {
  const item = element('li', tone);
  const asked = element('p');
  asked.append(element('strong', '', question), ' ', element('span', 'outcome', word));
  const words = element('p');
  words.append(element('bdi', '', message));
  const box = element('div');
  box.append(asked, words);
  item.append(box);
  return item;
}

/** Puts an answer before the form, in the place of any other. */
function place(section) {
  document.querySelectorAll('section.answer, p[role=alert]').forEach((old) => old.remove());
  section.tabIndex = -1;
  form.before(section);
  section.focus();
}

/** An answer of this machine. */
function written({ report, unreadable }, note) {
  const section = element('section', 'answer');
  const { tone, words } = report?.headline ?? { tone: 'bad', words: 'There is nothing to check.' };
  const status = element('div', `status ${tone}`);
  status.setAttribute('role', 'status');
  const box = element('div');
  box.append(element('h2', 'word', words));
  if (unreadable) box.append(element('p', '', unreadable));
  status.append(box);
  section.append(status);
  if (!report) return section;
  section.append(element('p', 'quiet', note));
  if (report.issuer) {
    const issuer = element('p', 'quiet', 'The issuer identifies itself as ');
    issuer.append(element('code', '', report.issuer), '.');
    section.append(issuer);
  }
  section.append(element('h3', '', 'What was checked'));
  const list = element('ol', 'checks');
  list.append(...report.checks.map(line));
  section.append(list);
  return section;
}

/** Verifies here and, if something remains open, asks the host. */
async function settle(presented) {
  const answer = await verify(presented);
  if (answer.report?.verdict !== 'unknown') {
    return place(written(answer, 'Checked on this device: what you gave was not sent anywhere.'));
  }
  try {
    const section = await hostAnswers(presented);
    const note = 'This device could not check everything by itself: what you gave was sent to this host, which checked it.';
    section.querySelector('.status').after(element('p', 'quiet', note));
    place(section);
  } catch ({ message }) {
    place(written(answer, `Checked on this device, which could not check everything. The host was asked as well and gave no answer (${message}).`));
  }
}

/** What stands in the form, if this machine can read it by itself. */
async function given() {
  const { file, document: pasted, url } = form.elements;
  if (file.files.length > 0) return new Uint8Array(await file.files[0].arrayBuffer());
  if (pasted.value.trim()) return new TextEncoder().encode(pasted.value);
  return fetched(url.value.trim());
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    await settle(await given());
  } catch {
    // Whatever this machine cannot do, the host can.
    form.submit();
  }
});

// A link can carry a whole badge behind its `#`, which browsers do not send: `/verify#badge=` and base64url.
const carried = new URLSearchParams(location.hash.slice(1)).get('badge');
if (carried) {
  const text = atob(carried.replaceAll('-', '+').replaceAll('_', '/'));
  const presented = Uint8Array.from(text, (character) => character.charCodeAt(0));
  settle(presented).catch(({ message }) => place(written({ unreadable: message })));
}
