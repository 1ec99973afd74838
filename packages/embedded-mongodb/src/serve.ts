import { parseArgs } from 'node:util'
import { startEmbeddedMongo } from './start.ts'
import type { EmbeddedMongoOptions } from './start.ts'

/** Runs the embedded database as a process of its own and prints one line of JSON when it is ready. */
const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    port: { type: 'string', default: '0' },
    socket: { type: 'string' },
    durability: { type: 'string', default: 'process' },
  },
})

if (!values.data) {
  process.stderr.write('usage: serve --data DIR [--port N] [--socket PATH] [--durability process|power]\n')
  process.exit(2)
}

const options: EmbeddedMongoOptions = {
  dataDir: values.data,
  port: Number(values.port),
  durability: values.durability === 'power' ? 'power' : 'process',
  ...(values.socket ? { socketPath: values.socket } : {}),
}

try {
  const { uri, owned, close } = await startEmbeddedMongo(options)
  process.stdout.write(`${JSON.stringify({ ready: true, uri, owned, pid: process.pid })}\n`)
  const stop = (): void => {
    void close().then(() => process.exit(0))
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
