// Verifies signed tokens with jose, each under the one key and algorithm the job gives. The contract is in README.md.
import {compactVerify, importJWK} from 'jose';
import {print, readJob} from './job.mjs';

const job = readJob();
let good = true;
for(const {name, document, jwk, alg} of job.credentials) {
  try {
    const {payload} = await compactVerify(document, await importJWK(jwk, alg), {algorithms: [alg]});
    print({name, verified: true, payload: JSON.parse(new TextDecoder().decode(payload))});
  } catch(error) {
    good = false;
    print({name, verified: false, error: `${error.code ?? error.name}: ${error.message}`});
  }
}
process.exitCode = good ? 0 : 1;
