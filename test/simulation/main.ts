import { parseArgs } from 'node:util'
import { loadCast } from './cast.ts'
import { generate } from './generate.ts'
import { judgeAll, knownFindings } from './known-findings.ts'
import { reportOf } from './report.ts'
import { runPlan } from './run-plan.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    replay: { type: 'boolean', default: false },
    'most-failures': { type: 'string', default: '5' },
    'no-shrink': { type: 'boolean', default: false },
    'with-known': { type: 'boolean', default: false },
  },
})

if (values['with-known']) judgeAll()
const first = Number(values.seed)
const count = values.replay ? 1 : Number(values.seeds)
const cast = await loadCast()
const started = performance.now()
let failures = 0
for (let seed = first; seed < first + count; seed += 1) {
  const plan = generate(seed)
  const verdict = await runPlan(plan, cast)
  if (values.replay) console.log(verdict.lines.join('\n'))
  if (verdict.broken.length === 0) continue
  failures += 1
  console.log(await reportOf(plan, verdict, cast, !values['no-shrink']))
  if (failures >= Number(values['most-failures'])) break
}
if (!values['with-known'])
  for (const { id, what } of knownFindings) console.log(`known finding ${id}, left out: ${what}`)
const seconds = ((performance.now() - started) / 1000).toFixed(1)
console.log(`${count} seeds from ${first}: ${failures === 0 ? 'all good' : `${failures} failed`}, ${seconds} s`)
process.exitCode = failures === 0 ? 0 : 1
