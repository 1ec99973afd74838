import { expect, it } from 'vitest'
import { planJsonSchema } from './plan-schema.ts'

it('docs/schema/plan.schema.json is what the code says: vitest -u writes it', async () => {
  await expect(`${JSON.stringify(planJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
    '../../../../docs/schema/plan.schema.json',
  )
})
