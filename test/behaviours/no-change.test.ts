import { expect, it } from 'vitest'
import { openCompany } from './company.ts'
import { calls, finish, expectNothingLeft } from './trouble.ts'

it('explore demo', async () => {
  const company = await openCompany()
  await company.admin('POST', '/seed', { profile: 'demo' })
  let t = Date.now()
  console.log(JSON.stringify((await company.connect()).state), Date.now() - t)
  await company.settle()
  console.log('settled', Date.now() - t, await company.store.work.counts())
  for (let i = 0; i < 3; i++) {
    await company.forget()
    t = Date.now()
    await company.poll()
    console.log('poll', i, Date.now() - t, await calls(company), await company.store.work.counts())
  }
  const sides = {
    'organization-unit': ['system'],
    employee: ['system'],
    'customer-group': ['crm', 'accounting'],
    customer: ['crm', 'accounting'],
    'product-group': ['crm', 'accounting'],
    product: ['crm', 'accounting'],
    'sales-order': ['crm'],
  } as const
  for (const [entity, froms] of Object.entries(sides))
    for (const from of froms) {
      await company.forget()
      t = Date.now()
      const r = await company.engine.request(entity, { from, all: true })
      await company.settle()
      console.log(
        entity,
        from,
        r.requested,
        Date.now() - t,
        await calls(company),
        await company.writes(),
        await company.store.work.counts(),
      )
    }
}, 120_000)
