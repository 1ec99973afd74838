// `npm test`: build, lint, then every test in one run. Ends with the line `N passed, N failed`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './node-24.mjs'

const folder = mkdtempSync(join(tmpdir(), 'amis-sync-verify-'))
const report = join(folder, 'report.json')
const tests = process.argv.slice(2)

const step = (text) => process.stdout.write(`\n— ${text}\n`)

step('build')
run('nx/dist/bin/nx.js', ['run-many', '-t', 'build', '--outputStyle=static'])
step('lint')
run('nx/dist/bin/nx.js', ['run', 'amis-sync:lint', '--outputStyle=static'])
step('test')
const status = run(
  'vitest/vitest.mjs',
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...tests],
  {
    mayFail: true,
  },
)

let passed = 0
let failed = 0
try {
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, 'utf8'))
  passed = numPassedTests
  failed = Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0)
} catch {
  failed = 1
}
rmSync(folder, { recursive: true, force: true })
const red = status !== 0 || failed > 0 || passed === 0
process.stdout.write(`\n${passed} passed, ${red ? Math.max(failed, 1) : 0} failed\n`)
process.exit(red ? 1 : 0)
