import { node24 } from './node-24.mjs'

node24()
