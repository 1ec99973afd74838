import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Connector, EntityPlugin } from '@amis-sync/core'
import { SyncError } from '@amis-sync/core'
import { connectorFaults, entityFaults, setFaults } from './package-faults.ts'
import type { Found } from './package-faults.ts'

export interface LoadedPackages {
  readonly plugins: readonly EntityPlugin[]
  readonly connectors: readonly Connector[]
  /** Everything that is wrong; each names the package and how to mend it. */
  readonly faults: readonly SyncError[]
}

function fault(code: string, vi: string, en: string, cause?: unknown): SyncError {
  return new SyncError({ code, kind: 'config', message: { vi, en }, cause })
}

async function importPackage(
  name: string,
  directory: string,
): Promise<{ exports?: Record<string, unknown>; fault?: SyncError }> {
  const isPath = name.startsWith('.') || isAbsolute(name)
  const specifier = isPath ? pathToFileURL(resolve(directory, name)).href : name
  try {
    return { exports: (await import(/* @vite-ignore */ specifier)) as Record<string, unknown> }
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    const code = (error as NodeJS.ErrnoException).code
    // A package that is there but lacks one of its own dependencies is broken, not missing.
    const lost = /Cannot find (?:package|module) '([^']+)'/.exec(text)?.[1] ?? text
    const missing =
      (code === 'ERR_MODULE_NOT_FOUND' || code === 'ENOENT') && lost.includes(isPath ? resolve(directory, name) : name)
    if (missing) {
      return {
        fault: fault(
          'PACKAGE_NOT_FOUND',
          `Không tìm thấy gói "${name}" được nêu trong amis-sync.yaml. Hãy cài đặt gói (npm install ${isPath ? '…' : name}) hoặc sửa tên`,
          `The package "${name}" that amis-sync.yaml names is not there. Install it (npm install ${isPath ? '…' : name}) or correct the name`,
          error,
        ),
      }
    }
    return {
      fault: fault(
        'PACKAGE_BROKEN',
        `Gói "${name}" báo lỗi khi được nạp: ${text}. Hãy sửa gói, hoặc bỏ nó khỏi amis-sync.yaml`,
        `The package "${name}" fails while it is loaded: ${text}. Mend the package, or take it out of amis-sync.yaml`,
        error,
      ),
    }
  }
}

async function loadAll<T>(
  names: readonly string[],
  member: 'plugin' | 'connector',
  directory: string,
  check: (found: Found<unknown>) => SyncError[],
): Promise<{ found: Found<T>[]; faults: SyncError[] }> {
  const found: Found<T>[] = []
  const faults: SyncError[] = []
  for (const name of new Set(names)) {
    const loaded = await importPackage(name, directory)
    if (loaded.fault) {
      faults.push(loaded.fault)
      continue
    }
    const value = loaded.exports?.[member]
    if (typeof value !== 'object' || value === null) {
      faults.push(
        fault(
          'PACKAGE_WITHOUT_EXPORT',
          `Gói "${name}" không xuất ra "${member}". Gói phải có: export const ${member} = …`,
          `The package "${name}" exports no "${member}". It must have: export const ${member} = …`,
        ),
      )
      continue
    }
    const own = check({ name, value })
    faults.push(...own)
    if (own.length === 0) found.push({ name, value: value as T })
  }
  return { found, faults }
}

/**
 * Loads entity plugins and connectors by package name, or by path from `directory`, and checks them one by one and together (FW3).
 * Never throws for a bad package: its fault is in the answer, and the others are loaded all the same.
 */
export async function loadPackages(options: {
  readonly plugins: readonly string[]
  readonly connectors: readonly string[]
  readonly directory: string
}): Promise<LoadedPackages> {
  const plugins = await loadAll<EntityPlugin>(options.plugins, 'plugin', options.directory, entityFaults)
  const connectors = await loadAll<Connector>(options.connectors, 'connector', options.directory, connectorFaults)
  const together = setFaults(plugins.found, connectors.found, plugins.faults.length > 0)
  return {
    plugins: plugins.found.map(({ value }) => value),
    connectors: connectors.found.map(({ value }) => value),
    faults: [...plugins.faults, ...connectors.faults, ...together],
  }
}

/** As {@link loadPackages}, but a fault is an error: its own when it is the only one, else `PACKAGES_INVALID` with all of them. */
export async function requirePackages(options: Parameters<typeof loadPackages>[0]): Promise<LoadedPackages> {
  const loaded = await loadPackages(options)
  if (loaded.faults.length === 0) return loaded
  if (loaded.faults.length === 1) throw loaded.faults[0]!
  throw fault(
    'PACKAGES_INVALID',
    loaded.faults.map((one) => `${one.code}: ${one.text.vi}`).join('\n'),
    loaded.faults.map((one) => `${one.code}: ${one.text.en}`).join('\n'),
  )
}
