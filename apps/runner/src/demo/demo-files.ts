import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where the simulated systems are expected, when nothing else is there. */
const defaultSandboxPort = 48700

/** The demo company's files. */
export interface DemoFiles {
  /** A configuration folder of its own: `.data/config`. */
  readonly configDir: string
  readonly tenantFile: string
  readonly webhookSecret: string
  /** The origin of the simulated systems that the tenant file names. */
  readonly origin: string
}

/** Built into the simulated systems (contract §5.2): no secrets of anybody. */
const credentials = { crm: 'demo-crm-secret', system: 'demo-system-secret', accounting: 'demo-access' }

const template = (
  origin: string,
) => `# Công ty demo. Sửa tệp này trong khi chương trình chạy: thay đổi có hiệu lực ngay.
# The demo company. Edit this file while the program runs: changes take effect at once.
tenant: demo
name: Công ty Cổ phần Thương mại An Phát (demo)
convertedFrom: none
connections:
  system:
    connector: amis-system
    baseUrl: ${origin}
    clientId: demo
    clientSecret: \${file:../secrets/system}
    webhookSecret: \${file:../secrets/webhook}
  crm:
    connector: amis-crm
    baseUrl: ${origin}
    clientId: demo
    clientSecret: \${file:../secrets/crm}
    webhookSecret: \${file:../secrets/webhook}
  accounting:
    connector: amis-accounting
    baseUrl: ${origin}
    appId: demo-app
    accessCode: \${file:../secrets/accounting}
    orgCompanyCode: demo
salesOrders:
  # order: đơn đặt hàng · contract: hợp đồng bán. Chỉ áp dụng cho chứng từ gửi sau khi đổi.
  # order or contract: how an order is recorded in Accounting. Only documents sent afterwards change.
  recordAs: order
  # sales: theo chứng từ bán hàng · stock: theo phiếu xuất kho (số lượng giao / delivered quantity)
  deliveredFrom: sales
schedule:
  poll: 60s
`

const runnerTemplate = `# Runner của bản chạy thử. · The trial's runner.
database:
  name: amis_sync_demo
`

async function readOrUndefined(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Writes the demo company's files where they are not there yet; what a person changed stays. */
export async function prepareDemoFiles(dataDir: string): Promise<DemoFiles> {
  const configDir = join(dataDir, 'config')
  const tenantFile = join(configDir, 'tenants', 'demo.yaml')
  const secrets = join(configDir, 'secrets')
  await mkdir(join(configDir, 'tenants'), { recursive: true })
  await mkdir(secrets, { recursive: true, mode: 0o700 })
  const hookFile = join(secrets, 'webhook')
  const webhookSecret = (await readOrUndefined(hookFile))?.trim() || `whsec_${randomBytes(24).toString('base64')}`
  for (const [name, value] of Object.entries({ ...credentials, webhook: webhookSecret })) {
    await writeFile(join(secrets, name), `${value}\n`, { mode: 0o600 })
  }
  const runnerFile = join(configDir, 'amis-sync.yaml')
  if ((await readOrUndefined(runnerFile)) === undefined) await writeFile(runnerFile, runnerTemplate)
  let text = await readOrUndefined(tenantFile)
  if (text === undefined) {
    text = template(`http://127.0.0.1:${defaultSandboxPort}`)
    await writeFile(tenantFile, text)
  }
  const origin = /^\s*baseUrl:\s*(\S+)/m.exec(text)?.[1] ?? `http://127.0.0.1:${defaultSandboxPort}`
  return { configDir, tenantFile, webhookSecret, origin }
}

/** Points the tenant file at another origin, when the simulated systems had to move to another port. Comments stay. */
export async function moveDemoOrigin(files: DemoFiles, origin: string): Promise<DemoFiles> {
  if (origin === files.origin) return files
  const text = await readFile(files.tenantFile, 'utf8')
  await writeFile(files.tenantFile, text.replaceAll(files.origin, origin))
  return { ...files, origin }
}
