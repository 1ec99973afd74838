import type { Connector, EntityPlugin } from '@amis-sync/core'
import { SyncError, coreVersion, pluginFaults, satisfies } from '@amis-sync/core'

/** A loaded value and the package that gave it. */
export interface Found<T> {
  readonly name: string
  readonly value: T
}

function fault(code: string, vi: string, en: string): SyncError {
  return new SyncError({ code, kind: 'config', message: { vi, en } })
}

type Shape = Readonly<Record<string, 'string' | 'object' | 'array' | 'function'>>

const pluginShape: Shape = {
  id: 'string',
  version: 'string',
  coreRange: 'string',
  labels: 'object',
  kind: 'string',
  sides: 'array',
  schema: 'object',
  fields: 'object',
  wire: 'object',
  match: 'array',
  references: 'array',
  dependsOn: 'array',
  policy: 'object',
  firstSync: 'object',
}

const connectorShape: Shape = {
  id: 'string',
  version: 'string',
  system: 'string',
  labels: 'object',
  configSchema: 'object',
  open: 'function',
}

function shapeFaults(value: unknown, shape: Shape): string[] {
  const kindOf = (member: unknown) => (Array.isArray(member) ? 'array' : typeof member)
  return Object.entries(shape)
    .filter(([name, kind]) => kindOf((value as Record<string, unknown>)[name]) !== kind)
    .map(([name, kind]) => `${name}: ${kind}`)
}

const badShape = (name: string, what: 'plugin' | 'connector', members: readonly string[]) =>
  fault(
    'PACKAGE_BAD_SHAPE',
    `Gói "${name}": giá trị "${what}" thiếu hoặc sai kiểu các thành phần: ${members.join(', ')}. Hãy tạo nó bằng hàm của @amis-sync/core`,
    `Package "${name}": its "${what}" lacks these members, or they have another type: ${members.join(', ')}. Make it with the functions of @amis-sync/core`,
  )

/** What is wrong with one entity plugin taken alone. */
export function entityFaults({ name, value }: Found<unknown>): SyncError[] {
  const members = shapeFaults(value, pluginShape)
  if (members.length > 0) return [badShape(name, 'plugin', members)]
  const plugin = value as EntityPlugin
  const faults: SyncError[] = []
  if (!satisfies(coreVersion, plugin.coreRange)) {
    faults.push(
      fault(
        'PLUGIN_CORE_RANGE',
        `Gói "${name}" được viết cho API plugin ${plugin.coreRange}, nhưng bản này có ${coreVersion}. Hãy cài phiên bản phù hợp của gói`,
        `Package "${name}" was written for plugin API ${plugin.coreRange}, but this is ${coreVersion}. Install a version of it that fits`,
      ),
    )
  }
  const found = pluginFaults(plugin)
  if (found.length > 0) {
    faults.push(
      fault(
        'PLUGIN_INVALID',
        `Plugin "${plugin.id}" của gói "${name}" không hợp lệ: ${found.join('; ')}. Hãy sửa gói; defineEntityPlugin báo các lỗi này khi kiểm thử`,
        `Plugin "${plugin.id}" of package "${name}" is not valid: ${found.join('; ')}. Mend the package; defineEntityPlugin reports these in its tests`,
      ),
    )
  }
  return faults
}

/** What is wrong with one connector taken alone. */
export function connectorFaults({ name, value }: Found<unknown>): SyncError[] {
  const members = shapeFaults(value, connectorShape)
  return members.length > 0 ? [badShape(name, 'connector', members)] : []
}

function duplicates<T>(found: readonly Found<T>[], keyOf: (value: T) => string | undefined): [string, string[]][] {
  const byKey = new Map<string, string[]>()
  for (const { name, value } of found) {
    const key = keyOf(value)
    if (key !== undefined) byKey.set(key, [...(byKey.get(key) ?? []), name])
  }
  return [...byKey].filter(([, names]) => names.length > 1)
}

/** A chain of plugins that depend on each other in a circle, if there is one. */
function findCycle(plugins: readonly Pick<EntityPlugin, 'id' | 'dependsOn'>[]): readonly string[] | undefined {
  const byId = new Map(plugins.map((plugin) => [plugin.id, plugin]))
  const finished = new Set<string>()
  const visit = (id: string, chain: readonly string[]): readonly string[] | undefined => {
    if (chain.includes(id)) return [...chain.slice(chain.indexOf(id)), id]
    if (finished.has(id)) return undefined
    for (const next of byId.get(id)?.dependsOn ?? []) {
      const cycle = visit(next, [...chain, id])
      if (cycle) return cycle
    }
    finished.add(id)
    return undefined
  }
  for (const { id } of plugins) {
    const cycle = visit(id, [])
    if (cycle) return cycle
  }
  return undefined
}

/** What is wrong with plugins and connectors taken together: duplicates, missing or circular dependencies, shared sections. */
export function setFaults(
  plugins: readonly Found<EntityPlugin>[],
  connectors: readonly Found<Connector>[],
  incomplete: boolean,
): SyncError[] {
  const faults: SyncError[] = []
  for (const [id, names] of [...duplicates(plugins, (one) => one.id), ...duplicates(connectors, (one) => one.id)]) {
    faults.push(
      fault(
        'PACKAGE_DUPLICATE_ID',
        `Các gói ${names.join(', ')} cùng dùng mã "${id}". Hãy chỉ giữ một gói trong amis-sync.yaml`,
        `The packages ${names.join(', ')} all have the id "${id}". Keep one of them in amis-sync.yaml`,
      ),
    )
  }
  for (const [section, names] of duplicates(plugins, (one) => one.settings?.section)) {
    faults.push(
      fault(
        'PLUGIN_DUPLICATE_SECTION',
        `Các gói ${names.join(', ')} cùng dùng mục cấu hình "${section}". Hãy chỉ giữ một gói`,
        `The packages ${names.join(', ')} want the same configuration section "${section}". Keep one of them`,
      ),
    )
  }
  const ids = new Set(plugins.map(({ value }) => value.id))
  for (const { name, value } of plugins) {
    const missing = value.dependsOn.filter((id) => !ids.has(id))
    // Where a package failed to load, what depends on it is no fault of its own.
    if (missing.length === 0 || incomplete) continue
    faults.push(
      fault(
        'PLUGIN_DEPENDENCY_MISSING',
        `Gói "${name}" (${value.id}) cần các loại dữ liệu chưa được nạp: ${missing.join(', ')}. Hãy thêm gói của chúng vào plugins`,
        `Package "${name}" (${value.id}) needs entity types that are not loaded: ${missing.join(', ')}. Add their packages to plugins`,
      ),
    )
  }
  const cycle = findCycle(plugins.map(({ value }) => value))
  if (cycle) {
    faults.push(
      fault(
        'PLUGIN_DEPENDENCY_CYCLE',
        `Các plugin phụ thuộc vòng tròn: ${cycle.join(' → ')}. Hãy bỏ một trong các dependsOn này`,
        `Plugins depend on each other in a circle: ${cycle.join(' → ')}. Take one of these dependsOn away`,
      ),
    )
  }
  return faults
}
