// Reads mocha's JSON report from standard input; prints the figures and every failure.
let text = '';
for await (const part of process.stdin) text += part;
const report = JSON.parse(text.slice(text.indexOf('{\n  "stats"')));
const { passes, failures, pending } = report.stats;
console.log(`${process.argv[2]}: ${passes} passed, ${failures} failed, ${pending} skipped`);
for (const failure of report.failures) {
  console.log(`  ${failure.fullTitle}\n    ${failure.err.message}`);
}
process.exitCode = failures > 0 ? 1 : 0;
