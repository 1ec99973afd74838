import { registerHooks } from 'node:module'
import { mutants } from './mutants.ts'

/** Patches one source file as it is loaded: `SIM_MUTANT` names the planted bug. Nothing is written. */
const mutant = mutants.find(({ id }) => id === process.env.SIM_MUTANT)
if (!mutant) throw new Error(`no mutant ${process.env.SIM_MUTANT}`)

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context)
    if (!url.endsWith(`/${mutant.file}`) || loaded.source === undefined) return loaded
    let source = Buffer.from(loaded.source as Uint8Array).toString()
    for (const [from, to] of mutant.edits) {
      if (source.split(from).length !== 2) {
        process.stderr.write(`mutant ${mutant.id} does not fit ${mutant.file} any more: ${from}\n`)
        process.exit(3)
      }
      source = source.replace(from, () => to)
    }
    return { ...loaded, source }
  },
})
