// The job on standard input, or in the file named by the only argument.
import {readFileSync} from 'node:fs';

export function readJob() {
  try {
    return JSON.parse(readFileSync(process.argv[2] ?? 0, 'utf8'));
  } catch(error) {
    process.stderr.write(`the job cannot be read: ${error.message}\n`);
    process.exit(2);
  }
}

export const print = answer => process.stdout.write(`${JSON.stringify(answer)}\n`);

// The innermost reasons of a jsonld-signatures error, which wraps them in several layers.
export function reason(error) {
  const inner = [error?.errors, error?.cause].flat().filter(Boolean);
  return inner.length ? inner.map(reason).join('; ') : error?.message ?? String(error);
}
