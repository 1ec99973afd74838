import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach } from 'vitest'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const node24 = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node')

const living = new Set<Child>()

afterEach(async () => {
  await Promise.all([...living].map((child) => child.kill()))
})

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A source file of the product as a process of its own. Gone after the test at the latest. */
export class Child {
  readonly exit: Promise<Exit>
  readonly #process: ChildProcess
  #stdout = ''
  #stderr = ''

  constructor(file: string, parameters: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#process = spawn(node24, ['--conditions=@amis-sync/source', join(root, file), ...parameters], {
      cwd: root,
      env: { PATH: process.env.PATH, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#process.stdout!.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text))
    this.#process.stderr!.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text))
    living.add(this)
    this.exit = new Promise((resolve) => {
      this.#process.once('close', (code, signal) => {
        living.delete(this)
        resolve({ code, signal })
      })
    })
  }

  /** What it has told people so far: the first place to look at when a test fails. */
  get story(): string {
    return this.#stderr
  }

  /** The first JSON document that it prints, which is how both the runner and the database say that they are ready. */
  async ready<T>(): Promise<T> {
    const died = this.exit.then(({ code, signal }): never => {
      throw new Error(`ended before it was ready (${code ?? signal}): ${this.#stderr}`)
    })
    const printed = new Promise<T>((resolve) => {
      const look = () => {
        const document = jsonOf(this.#stdout)
        if (document !== undefined) resolve(document as T)
      }
      this.#process.stdout!.on('data', look)
      look()
    })
    return Promise.race([printed, died])
  }

  signal(name: 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#process.kill(name)
  }

  /** `kill -9`, also of a stopped one. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.exit
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
