import { createMemoryStore } from './memory-store.ts'
import { describeStore } from './store-suite.ts'

describeStore('memory store', () => Promise.resolve({ store: createMemoryStore(), close: () => Promise.resolve() }))
