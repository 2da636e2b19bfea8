// Validates documents against a JSON schema (draft 2019-09). The contract is in README.md.
import {readFileSync} from 'node:fs';
import Ajv from 'ajv/dist/2019.js';
import formats from 'ajv-formats';
import {parsed} from './loader.mjs';
import {print, readJob} from './job.mjs';

const job = readJob();
const ajv = new Ajv({strict: false, allErrors: true});
formats(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(job.schema, 'utf8')));
let good = true;
for(const {name, document} of job.credentials) {
  const valid = validate(parsed(document));
  good &&= valid;
  print(valid ? {name, valid} : {name, valid, error: ajv.errorsText(validate.errors)});
}
process.exitCode = good ? 0 : 1;
