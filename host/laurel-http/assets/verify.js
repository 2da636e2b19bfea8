// Verifies badges on the visitor's own machine, with the same code that the host runs, compiled to WebAssembly. Without scripts the form
// goes to the host, which answers with a page; so does a badge given by its address, unless its site lets other pages read it.
'use strict';

const MAX_DOCUMENT = 1 << 20;
const TIMEOUT = 5000;
const ACCEPT = 'application/vc+ld+json, application/vc, application/vc+jwt, application/did+json, application/json';
const WORDS = {
  parse: 'Can it be read?',
  schema: 'Is it a complete credential?',
  proof: 'Is it unchanged since it was signed?',
  dates: 'Is it valid now?',
  status: 'Has it been revoked or suspended?',
  issuer: 'Does the key belong to the issuer?',
  holder: 'Does the key belong to the holder?',
  resources: 'Are the related resources what they were?',
  endorsements: 'Are its endorsements genuine?',
  recipient: 'Whose is it?',
};
const OUTCOMES = { pass: ['good', 'Passed'], fail: ['bad', 'Failed'], 'not-checked': ['warn', 'Not checked'] };

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

/** Fetches round by round what the verifier still wants. */
async function verify(presented) {
  const recipient = form.elements.recipient.value;
  const question = { now: Date.now(), presented: base64(presented), recipient, material: [] };
  for (let round = 0; round < 5; round += 1) {
    const answer = await ask(question);
    if (!answer.needs) return answer;
    for (const { url, kind } of answer.needs.slice(0, 6)) {
      try {
        question.material.push({ url, document: base64(await fetched(url, kind)) });
      } catch ({ message, gone = false }) {
        question.material.push({ url, failure: `this browser could not fetch it (${message})`, gone });
      }
    }
  }
  return { unreadable: 'it wants more and more documents' };
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function headline({ verdict, revoked, suspended, checks }) {
  const failed = (id) => checks.some((check) => check.id === id && check.outcome === 'fail');
  if (verdict === 'valid') return ['good', 'This credential is valid.'];
  if (verdict === 'unknown') return ['warn', 'This credential could not be checked completely.'];
  if (failed('parse')) return ['bad', 'This is not a credential.'];
  if (failed('proof')) return ['bad', 'This credential is not genuine, or it was changed.'];
  if (revoked) return ['bad', 'This credential was revoked.'];
  if (suspended) return ['warn', 'This credential is suspended.'];
  if (failed('dates')) return ['warn', 'This credential is not valid at this time.'];
  return ['bad', 'This credential is not valid.'];
}

function line({ id, outcome, message }) {
  const [tone, word] = OUTCOMES[outcome];
  const item = element('li', tone);
  const question = element('p');
  question.append(element('strong', '', WORDS[id] ?? id), ' ', element('span', 'outcome', word));
  const words = element('p');
  words.append(element('bdi', '', message));
  const box = element('div');
  box.append(question, words);
  item.append(box);
  return item;
}

function show({ report, unreadable }) {
  document.querySelectorAll('section.answer, p[role=alert]').forEach((old) => old.remove());
  const section = element('section', 'answer');
  section.tabIndex = -1;
  const [tone, words] = report ? headline(report) : ['bad', 'There is nothing to check.'];
  const status = element('div', `status ${tone}`);
  status.setAttribute('role', 'status');
  const box = element('div');
  box.append(element('h2', 'word', words));
  if (unreadable) box.append(element('p', '', unreadable));
  status.append(box);
  section.append(status);
  if (report) {
    section.append(element('p', 'quiet', 'Checked on this device: what you gave was not sent anywhere.'));
    if (report.issuer) {
      const issuer = element('p', 'quiet', 'The issuer identifies itself as ');
      issuer.append(element('code', '', report.issuer), '.');
      section.append(issuer);
    }
    section.append(element('h3', '', 'What was checked'));
    const list = element('ol', 'checks');
    list.append(...report.checks.map(line));
    section.append(list);
  }
  form.before(section);
  section.focus();
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
    show(await verify(await given()));
  } catch {
    // Whatever this machine cannot do, the host can.
    form.submit();
  }
});

// A link can carry a whole badge behind its `#`, which browsers do not send: `/verify#badge=` and base64url.
const carried = new URLSearchParams(location.hash.slice(1)).get('badge');
if (carried) {
  const text = atob(carried.replaceAll('-', '+').replaceAll('_', '/'));
  verify(Uint8Array.from(text, (character) => character.charCodeAt(0))).then(show, (error) => show({ unreadable: error.message }));
}
