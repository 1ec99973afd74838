// Everything that reads the sources without running them. Each prints only what is wrong.
import { run } from './node-24.mjs'

const sources = ['packages', 'apps', 'tools', 'test']

run('prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.'])
run('oxlint/bin/oxlint', ['--deny-warnings', ...sources])
run('dependency-cruiser/bin/dependency-cruiser.mjs', [
  '--config',
  '.dependency-cruiser.mjs',
  '--output-type',
  'err',
  ...sources,
])
run('knip/bin/knip.js', ['--no-progress'])
