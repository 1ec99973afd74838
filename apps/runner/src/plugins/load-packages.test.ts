import { describe, expect, it } from 'vitest'
import { loadPackages, requirePackages } from './load-packages.ts'

const directory = new URL('./fixtures/', import.meta.url).pathname
const load = (...plugins: string[]) =>
  loadPackages({ plugins: plugins.map((name) => `./${name}.ts`), connectors: [], directory })
const codes = async (...plugins: string[]) => (await load(...plugins)).faults.map((fault) => fault.code)

describe('FW3 plugins are loaded from the config and checked', () => {
  it('a sound plugin and a connector load', async () => {
    const loaded = await loadPackages({ plugins: ['./sound.ts'], connectors: ['./connector.ts'], directory })
    expect(loaded.faults).toEqual([])
    expect(loaded.plugins.map((plugin) => plugin.id)).toEqual(['sound'])
    expect(loaded.connectors.map((connector) => connector.id)).toEqual(['sample'])
  })

  it.each([
    ['no-export', 'PACKAGE_WITHOUT_EXPORT', 'exports no "plugin"'],
    ['shapeless', 'PACKAGE_BAD_SHAPE', 'coreRange: string'],
    ['explosive', 'PACKAGE_BROKEN', 'both sides are the same system'],
    ['future-core', 'PLUGIN_CORE_RANGE', '^2.0.0'],
    ['faulty', 'PLUGIN_INVALID', 'match names "colour", which is no field'],
    ['orphan', 'PLUGIN_DEPENDENCY_MISSING', 'needs entity types that are not loaded: parent'],
    ['is-not-there', 'PACKAGE_NOT_FOUND', 'is not there'],
  ])('%s: %s', async (name, code, text) => {
    const { plugins, faults } = await load(name)
    expect(faults.map((fault) => fault.code)).toEqual([code])
    expect(faults[0]!.text.en).toContain(text)
    expect(faults[0]!.text.en).toContain(`./${name}.ts`)
    expect(faults[0]!.kind).toBe('config')
    expect(plugins.filter((plugin) => plugin.id !== 'orphan')).toEqual([])
  })

  it('ids must be unique, dependencies no circle', async () => {
    expect(await codes('sound', 'duplicate-id')).toEqual(['PACKAGE_DUPLICATE_ID'])
    expect(await codes('circle-a', 'circle-b')).toEqual(['PLUGIN_DEPENDENCY_CYCLE'])
  })

  it('a package name that is not installed is named with the command to install it', async () => {
    const { faults } = await loadPackages({ plugins: ['@acme/entity-warranty'], connectors: [], directory })
    expect(faults[0]!.code).toBe('PACKAGE_NOT_FOUND')
    expect(faults[0]!.text.en).toContain('npm install @acme/entity-warranty')
  })

  it('a bad package does not hide the good ones; several faults come together', async () => {
    expect((await load('sound', 'explosive')).plugins).toHaveLength(1)
    await expect(
      requirePackages({ plugins: ['./explosive.ts', './no-export.ts'], connectors: [], directory }),
    ).rejects.toMatchObject({
      code: 'PACKAGES_INVALID',
      message: expect.stringMatching(/PACKAGE_BROKEN[^]*PACKAGE_WITHOUT_EXPORT/),
    })
  })
})
