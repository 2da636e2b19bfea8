// Verifies credentials with the Digital Bazaar stack. The contract is in README.md.
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {createVerifyCryptosuite as jcs} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {cryptosuite as rdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {documentLoader, isToken, parsed} from './loader.mjs';
import {print, readJob, reason} from './job.mjs';

const job = readJob();
const loader = documentLoader(job.documents);
const suite = [rdfc, jcs()].map(cryptosuite => new DataIntegrityProof({cryptosuite}));

let good = true;
for(const {name, document} of job.credentials) {
  const answer = {name, ...await verify(document)};
  good &&= answer.verified && !answer.revoked && !answer.suspended;
  print(answer);
}
process.exitCode = good ? 0 : 1;

async function verify(document) {
  const answer = {verified: false, revoked: false, suspended: false};
  try {
    const credential = parsed(document);
    if([credential.proof].flat().some(({previousProof}) => previousProof)) {
      return {...answer, verified: null, skipped: 'jsonld-signatures knows no chains of proofs'};
    }
    const entries = [credential.credentialStatus ?? []].flat();
    if(entries.some(({statusListCredential}) => isToken(job.documents?.[statusListCredential]))) {
      return {...answer, verified: null, skipped: 'vc-bitstring-status-list takes no lists signed as tokens'};
    }
    const result = await vc.verifyCredential({
      credential, suite, documentLoader: loader, now: job.now && new Date(job.now),
      checkStatus: async options => {
        const status = await checkStatus(options);
        for(const {credentialStatus, status: set} of status.results ?? []) {
          // The library calls a list "verified" whatever the bit says: look at the bit.
          answer.revoked ||= set && credentialStatus.statusPurpose === 'revocation';
          answer.suspended ||= set && credentialStatus.statusPurpose === 'suspension';
        }
        return status;
      },
    });
    // The library is content with any of several proofs: demand all.
    answer.verified = result.verified && result.results.every(proof => proof.verified);
    if(!answer.verified) {
      answer.error = reason(result.error ?? result.statusResult?.error ?? new Error('not verified'));
    }
  } catch(error) {
    answer.error = reason(error);
  }
  return answer;
}
