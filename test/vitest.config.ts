import { defineProject, mergeConfig } from 'vitest/config'
import { base } from '../vitest.base.ts'

// Whole companies in real processes, on machines that do a lot besides.
export default mergeConfig(base, defineProject({ test: { name: 'test', testTimeout: 40_000 } }))
