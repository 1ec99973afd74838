import { startSandbox } from './server/start-sandbox.ts'

const port = Number(process.env['SANDBOX_PORT'] ?? 48_700)
const host = process.env['SANDBOX_HOST'] ?? '127.0.0.1'
const dataDir = process.env['SANDBOX_DATA']

function complain(text: string): never {
  process.stderr.write(`${text}\n`)
  process.exit(1)
}

if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  complain(`SANDBOX_PORT không hợp lệ / is not a port: ${process.env['SANDBOX_PORT']}`)
}

try {
  const sandbox = await startSandbox({ port, host, ...(dataDir && { dataDir }) })
  process.stdout.write(`sandbox listening on http://127.0.0.1:${sandbox.port}\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void sandbox.close().then(() => process.exit(0))
    })
  }
} catch (error) {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'EADDRINUSE')
    complain(
      `Cổng ${port} đang được dùng, hãy đặt SANDBOX_PORT khác / port ${port} is in use, set another SANDBOX_PORT`,
    )
  complain(
    `Không khởi động được sandbox / the sandbox cannot start: ${error instanceof Error ? error.message : String(error)}`,
  )
}
