import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { mutants } from './mutants.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '500' },
    /** Ids, with commas. */
    only: { type: 'string' },
  },
})

/** Plays seeds until one fails; that one caught the planted bug. */
function hunt(id: string): { readonly code: number | null; readonly output: string; readonly ms: number } {
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--conditions=@amis-sync/source',
      '--import',
      new URL('./preload.ts', import.meta.url).href,
      new URL('../main.ts', import.meta.url).pathname,
      '--seeds',
      values.seeds,
      '--most-failures',
      '1',
      '--no-shrink',
    ],
    { env: { ...process.env, SIM_MUTANT: id }, encoding: 'utf8', maxBuffer: 1 << 28 },
  )
  return { code: status, output: stdout + stderr, ms: performance.now() - start }
}

const wanted = values.only?.split(',')
let missed = 0
for (const { id, what } of mutants.filter((one) => wanted?.includes(one.id) ?? true)) {
  const { code, output, ms } = hunt(id)
  const seed = /✗ seed (\d+)/.exec(output)?.[1]
  const caught = code === 1 && seed !== undefined
  if (!caught) missed += 1
  const broken = output.split('\n')[1]?.trim().slice(0, 140) ?? ''
  const how = caught ? `caught by seed ${seed}: ${broken}` : code === 0 ? 'NOT CAUGHT' : output.trim().slice(-300)
  console.log(`${caught ? '✓' : '✗'} ${id} (${what}), ${(ms / 1000).toFixed(0)} s: ${how}`)
}
console.log(missed === 0 ? 'every mutant is caught' : `${missed} mutants are not caught`)
process.exitCode = missed === 0 ? 0 : 1
