export { describePlugin } from './plugin-suite.ts'
export type { PluginSample, PluginSamples } from './plugin-suite.ts'
export { canonicalValues } from './canonical-values.ts'
export type { SampleValues } from './canonical-values.ts'
