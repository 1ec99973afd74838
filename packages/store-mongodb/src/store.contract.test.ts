import { describeStore } from '@amis-sync/testkit'
import { createMongoStore } from './create-mongo-store.ts'
import { openTestDatabase } from './test-database.fixture.ts'

describeStore('MongoDB store', async () => {
  const database = await openTestDatabase('contract')
  const { store, close } = await createMongoStore(database)
  return {
    store,
    close: async () => {
      await close()
      await database.close()
    },
  }
})
