export { createMongoStore } from './create-mongo-store.ts'
export type { MongoStore, MongoStoreOptions } from './create-mongo-store.ts'
