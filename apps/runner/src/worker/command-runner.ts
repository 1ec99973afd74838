import type { Command, Run, SystemId, TenantStore, WorkItem, WorkState } from '@amis-sync/core'
import { SyncError, toFailure, workId } from '@amis-sync/core'
import { isDeskOperation } from '@amis-sync/engine'
import type { ProgressListener, TenantEngine } from '@amis-sync/engine'
import type { RunnerContainer } from '../container.ts'
import { isCommandKind } from './commands.ts'
import type { CommandData, CommandKind, CommandResult, SyncProblem } from './commands.ts'
import type { TenantHost } from './tenant-host.ts'

/** How often progress is stored while a command runs, milliseconds. */
const progressEveryMs = 250

const troubled: readonly WorkState[] = ['failed', 'blocked', 'conflict', 'parked', 'waiting']

/**
 * Does what was asked for through the store. A command stays `pending` until it is finished, so that the next holder of the lease does
 * it again when this one dies in the middle; every kind may be done again without harm.
 */
export class CommandRunner {
  readonly #host: TenantHost
  readonly #store: TenantStore
  readonly #container: RunnerContainer
  readonly #running = new Set<string>()
  #reading: Promise<void> | undefined
  #again = false
  #closed = false

  constructor(host: TenantHost, store: TenantStore, container: RunnerContainer) {
    this.#host = host
    this.#store = store
    this.#container = container
  }

  get busy(): boolean {
    return this.#running.size > 0
  }

  close(): void {
    this.#closed = true
  }

  /** Starts every command that waits. Calls while one is under way are joined into one more. */
  dispatch(): Promise<void> {
    this.#again = true
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  async #read(): Promise<void> {
    while (this.#again && !this.#closed && this.#host.engine) {
      this.#again = false
      try {
        for (const command of await this.#store.commands.pending()) {
          if (!this.#running.has(command.id)) void this.#run(command)
        }
      } catch (error) {
        this.#container.logger.warn('commands cannot be read', { tenant: this.#host.tenant, ...toFailure(error) })
      }
    }
  }

  async #run(command: Command): Promise<void> {
    this.#running.add(command.id)
    try {
      const result = await this.#execute(command)
      if (!this.#closed) await this.#store.commands.update(command.id, { state: 'done', result })
    } catch (error) {
      // Cut off by a stop: the next holder of the lease goes on with it.
      if (!this.#closed)
        await this.#store.commands
          .update(command.id, { state: 'failed', failure: toFailure(error) })
          .catch(() => undefined)
    } finally {
      this.#running.delete(command.id)
    }
  }

  async #execute(command: Command): Promise<CommandResult> {
    if (!isCommandKind(command.kind)) throw unknownCommand(command.kind)
    const engine = this.#host.engine!
    const kinds: Record<CommandKind, () => Promise<CommandResult>> = {
      connect: () => this.#connect(command.id),
      sync: () => this.#sync(command.data as unknown as CommandData['sync']),
      poll: () => engine.poll().then(() => ({})),
      probe: () => this.#host.probe().then(() => ({})),
      desk: () => this.#desk(command.id, command.data as unknown as CommandData['desk']),
      pause: () => this.#pause(engine),
      resume: () => this.#resume(engine),
      disconnect: () => this.#disconnect(engine),
    }
    return kinds[command.kind]()
  }

  async #connect(id: string): Promise<CommandResult> {
    const connect = await this.#telling(id, await this.#store.runs.all(), (tell) => this.#host.connect(tell))
    return { connect }
  }

  /** Stores the progress of a command now and then, for whoever asked. */
  async #telling<T>(id: string, before: readonly Run[], task: (tell: ProgressListener) => Promise<T>): Promise<T> {
    const runs = new Map(before.map((run): [number, Run] => [run.step, run]))
    let storedAt = -Infinity
    let storing = Promise.resolve()
    try {
      return await task((run) => {
        runs.set(run.step, run)
        const now = this.#container.clock.monotonic()
        if (now - storedAt < progressEveryMs && run.state === 'running') return
        storedAt = now
        const progress: CommandResult = { progress: [...runs.values()] }
        storing = storing.then(() => this.#store.commands.update(id, { result: progress })).catch(() => undefined)
      })
    } finally {
      await storing
    }
  }

  async #pause(engine: TenantEngine): Promise<CommandResult> {
    const phase = (await this.#store.state())?.phase ?? 'new'
    if (phase === 'live') await engine.pause()
    else if (phase !== 'paused') throw notLive(this.#host.tenant)
    return {}
  }

  async #resume(engine: TenantEngine): Promise<CommandResult> {
    const phase = (await this.#store.state())?.phase ?? 'new'
    if (phase === 'paused') await engine.resume()
    else if (phase !== 'live') throw notLive(this.#host.tenant)
    return {}
  }

  async #disconnect(engine: TenantEngine): Promise<CommandResult> {
    const phase = (await this.#store.state())?.phase ?? 'new'
    if (phase === 'live' || phase === 'paused') await engine.disconnect()
    else if (phase !== 'disconnected') throw notLive(this.#host.tenant)
    return {}
  }

  async #desk(id: string, { operation, input }: CommandData['desk']): Promise<CommandResult> {
    if (!isDeskOperation(operation)) throw unknownCommand(operation)
    const desk = await this.#telling(id, [], (tell) =>
      this.#host.by((engine) => engine.desk(operation, input as never, tell)),
    )
    return { desk }
  }

  async #sync(data: CommandData['sync']): Promise<CommandResult> {
    const engine = this.#host.engine!
    const { entity, from, keys, waitMs = 60_000 } = data
    const asked = await engine.desk('request', { entity, from, ...(keys ? { keys } : { all: true }) })
    const quiet = await engine.quiet(waitMs)
    return { sync: { ...asked, quiet, problems: await this.#problems(entity, from, keys) } }
  }

  /** Records of the entity that did not get through, of the keys that were asked for if any; at most 100. */
  async #problems(entity: string, from: SystemId, keys: readonly string[] | undefined): Promise<SyncProblem[]> {
    const items = await this.#store.work.page({ entity, states: troubled }, { limit: 1000 })
    let chosen: readonly WorkItem[] = items
    if (keys) {
      const links = await this.#store.links.findByKey(entity, from, keys)
      const ids = new Set(
        links.flatMap((link) =>
          Object.entries(link.sides).flatMap(([side, known]) =>
            known ? [workId({ entity, side, resource: known.resource, recordId: known.id })] : [],
          ),
        ),
      )
      chosen = items.filter(
        (item) => ids.has(item.id) || (item.recordKey !== undefined && keys.includes(item.recordKey)),
      )
    }
    return chosen.slice(0, 100).map((item) => ({
      side: item.side,
      resource: item.resource,
      ...(item.recordId === undefined ? {} : { id: item.recordId }),
      ...(item.recordKey === undefined ? {} : { key: item.recordKey }),
      state: item.state,
      ...(item.failure ? { failure: item.failure } : {}),
    }))
  }
}

function unknownCommand(name: string): SyncError {
  return new SyncError({
    code: 'COMMAND_UNKNOWN',
    kind: 'config',
    message: {
      vi: `Runner này không biết lệnh "${name}". Hãy dùng cùng phiên bản amis-sync ở mọi nơi`,
      en: `This runner does not know the command "${name}". Use one version of amis-sync everywhere`,
    },
  })
}

function notLive(tenant: string): SyncError {
  return new SyncError({
    code: 'TENANT_NOT_LIVE',
    kind: 'config',
    message: {
      vi: `"${tenant}" chưa đồng bộ lần đầu xong nên không tạm dừng hay chạy tiếp được. Hãy chạy: amis-sync connect ${tenant}`,
      en: `"${tenant}" has not finished its first sync, so it cannot be paused or resumed. Run: amis-sync connect ${tenant}`,
    },
  })
}
