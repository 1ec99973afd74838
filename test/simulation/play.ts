import { codeKey } from '@amis-sync/core'
import { type DeskOperation, type TenantEngine } from '@amis-sync/engine'
import { isLeftOut } from './known-findings.ts'
import type { Action, Plan } from './plan-types.ts'
import type { World } from './world.ts'

/** How long a runner that finds its lease gone, or is told to stop, may take, milliseconds. */
const graceMs = 10_000

/** What a person asks of the engine; whatever becomes of it while things go wrong, the engine itself must go on. */
function ask(world: World, what: string, task: (engine: TenantEngine) => Promise<unknown>): void {
  const { working, trace } = world
  if (!working) return
  const answered = task(working.engine).then(
    () => trace.add(`* ${what} is done`),
    (error: unknown) => trace.add(`* ${what} failed: ${String(error)}`),
  )
  world.asked.push(answered)
}

async function stop(world: World, runner = world.runner): Promise<void> {
  if (!runner) return
  await Promise.race([runner.abandon(), world.timeline.sleep(graceMs)])
  runner.process.kill(true)
}

const performers: { readonly [K in Action['do']]: (world: World, action: Action & { do: K }) => void | Promise<void> } =
  {
    async act(world, { command }) {
      const { row, refused } = await world.systems.act(command)
      if (row) world.diary.note(command, row, world.live)
      world.trace.add(refused === undefined ? '  done' : `  refused: ${refused}`)
    },
    async fault(world, { rules }) {
      await world.systems.operate('PUT', '/faults', { seed: 7, rules })
    },
    lose(world, { system, method, times }) {
      world.network.losses.push({ system, method, left: times })
    },
    crash(world, { arrives, downMs }) {
      world.runner?.process.kill(arrives)
      world.startRunner(downMs)
    },
    crashAt(world, { call, name, arrives, downMs }) {
      const onDeath = (): void => {
        world.trace.add('* the runner dies')
        world.startRunner(downMs)
      }
      world.runner?.process.killAtCall(call, arrives, onDeath, name)
    },
    freeze(world, { ms }) {
      const frozen = world.runner
      if (!frozen?.holds()) return
      frozen.process.pause()
      world.timeline.after(frozen.leasedUntil - world.timeline.now + 100, () => {
        if (world.runner === frozen && !frozen.holds()) world.startRunner(0)
      })
      world.timeline.after(ms, () => {
        frozen.resume()
        if (frozen.holds()) return
        world.timeline.after(500, () => void stop(world, frozen))
        if (world.runner === frozen) world.startRunner(0)
      })
    },
    async restart(world, { downMs }) {
      const { runner } = world
      if (!runner?.holds()) return
      await stop(world, runner)
      world.startRunner(downMs)
    },
    configure(world, { conflict, salesAs }) {
      world.configure({ ...(conflict ? { conflict } : {}), ...(salesAs ? { salesAs } : {}) })
    },
    pause: (world) => ask(world, 'pause', (engine) => engine.pause()),
    resume: (world) => ask(world, 'resume', (engine) => engine.resume()),
    poll: (world) => ask(world, 'poll', (engine) => engine.poll()),
    connect(world) {
      world.wantsConnection = true
      world.working?.connect()
    },
    request(world, { entity, keys }) {
      for (const key of keys) world.diary.asked.add(codeKey(key))
      const input = { entity, from: 'crm', keys } as const
      ask(world, `request of ${keys.join()}`, (engine) => engine.desk('request' satisfies DeskOperation, input))
    },
  }

/** Does one thing. */
export async function perform(world: World, action: Action): Promise<void> {
  const { do: what, ...rest } = action
  world.trace.add(`* ${what} ${JSON.stringify(rest)}`)
  await (performers[what] as (world: World, action: Action) => void | Promise<void>)(world, action)
}

/** Lets the plan happen. */
export async function play(world: World, plan: Plan): Promise<void> {
  world.systems.sandbox.skew(plan.skewMs)
  await world.systems.act({ system: 'accounting', action: 'create', entity: 'Units', record: { unit_name: 'Cái' } })
  if (plan.deliveries) await world.systems.deliverToRunner()
  world.startRunner(0)
  for (const { wait, ...action } of plan.steps) {
    await world.timeline.sleep(wait)
    if (!isLeftOut(action)) await perform(world, action)
  }
}
