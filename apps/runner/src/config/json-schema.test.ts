import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { requirePackages } from '../plugins/load-packages.ts'
import { tenantJsonSchema } from './json-schema.ts'
import { defaultConnectors, defaultPlugins } from './runner-config.ts'

it('config/schema/tenant.schema.json is what the loaded packages say: amis-sync config schema --write', async () => {
  const loaded = await requirePackages({ plugins: defaultPlugins, connectors: defaultConnectors, directory: '.' })
  const file = new URL('../../../../config/schema/tenant.schema.json', import.meta.url)
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(tenantJsonSchema(loaded))))
})
