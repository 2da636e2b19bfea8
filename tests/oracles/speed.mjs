// How fast the Digital Bazaar stack signs and verifies one document on one core. The contract is in README.md.
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as jcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {cryptosuite as rdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {documentLoader, parsed} from './loader.mjs';
import {print, readJob} from './job.mjs';

const job = readJob();
const loader = documentLoader(job.documents);
const pair = await Ed25519Multikey.generate();
const did = `did:key:${pair.publicKeyMultibase}`;
const signer = {...pair.signer(), id: `${did}#${pair.publicKeyMultibase}`};
const suites = [
  ['eddsa-rdfc-2022', rdfc, rdfc],
  ['eddsa-jcs-2022', jcs.createSignCryptosuite(), jcs.createVerifyCryptosuite()],
];

for(const [name, forSigning, forVerifying] of suites) {
  const credential = {...parsed(job.document), issuer: did};
  const sign = () => vc.issue({
    credential: structuredClone(credential), documentLoader: loader,
    suite: new DataIntegrityProof({signer, cryptosuite: forSigning}),
  });
  const signed = await sign();
  const verify = async () => {
    const suite = new DataIntegrityProof({cryptosuite: forVerifying});
    const result = await vc.verifyCredential({credential: signed, suite, documentLoader: loader});
    if(!result.verified) {
      throw result.error;
    }
  };
  print({name, sign: await rate(sign), verify: await rate(verify)});
}

// Runs per second, the best of three rounds.
async function rate(work) {
  let best = 0;
  for(let round = 0; round < 3; round++) {
    const started = performance.now();
    let runs = 0;
    while(performance.now() - started < job.milliseconds) {
      await work();
      runs++;
    }
    best = Math.max(best, runs * 1000 / (performance.now() - started));
  }
  return best;
}
