export { life } from './life.ts'
export { plugin } from './plugin.ts'
