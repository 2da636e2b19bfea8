// Canonical N-Quads by jsonld and rdf-canonize, in safe mode. The contract is in README.md.
import jsonld from 'jsonld';
import {documentLoader, parsed} from './loader.mjs';
import {print, readJob, reason} from './job.mjs';

const job = readJob();
const loader = documentLoader(job.documents);
let good = true;
for(const {name, document} of job.credentials) {
  try {
    const options = {
      algorithm: 'RDFC-1.0', format: 'application/n-quads', documentLoader: loader, safe: true, base: null,
      rdfDirection: 'i18n-datatype',
      canonizeOptions: {maxWorkFactor: 3},
    };
    print({name, nquads: await jsonld.canonize(parsed(document), options)});
  } catch(error) {
    good = false;
    print({name, error: reason(error)});
  }
}
process.exitCode = good ? 0 : 1;
