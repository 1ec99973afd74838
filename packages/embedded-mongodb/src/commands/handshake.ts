import { arch, cpus, hostname, platform, totalmem } from 'node:os'
import { Int32, Long } from 'bson'
import type { BsonDocument } from '../bson/codec.ts'
import { maxBsonObjectSize, maxMessageSizeBytes, maxWriteBatchSize } from '../bson/codec.ts'
import type { CommandHandler } from './context.ts'

/** The MongoDB release whose behaviour this server follows, and the wire version that announces it. */
const serverVersion = '7.0.0'
const maxWireVersion = 21

/** Presents a standalone server: the driver then uses neither retryable writes nor transactions. */
function describeServer(connectionId: number): BsonDocument {
  return {
    maxBsonObjectSize: new Int32(maxBsonObjectSize),
    maxMessageSizeBytes: new Int32(maxMessageSizeBytes),
    maxWriteBatchSize: new Int32(maxWriteBatchSize),
    localTime: new Date(),
    logicalSessionTimeoutMinutes: new Int32(30),
    connectionId: new Int32(connectionId),
    minWireVersion: new Int32(0),
    maxWireVersion: new Int32(maxWireVersion),
    readOnly: false,
  }
}

export const hello: CommandHandler = ({ connectionId }) => ({
  helloOk: true,
  isWritablePrimary: true,
  ...describeServer(connectionId),
})

export const isMaster: CommandHandler = ({ connectionId }) => ({
  helloOk: true,
  ismaster: true,
  ...describeServer(connectionId),
})

/** The embedded server's identity: how a second process recognises the owner of a data directory. */
export const embeddedServerInfo: CommandHandler = ({ server }) => ({
  instanceId: server.instanceId,
  pid: new Int32(process.pid),
})

export const ping: CommandHandler = () => ({})

export const buildInfo: CommandHandler = () => ({
  version: serverVersion,
  versionArray: serverVersion
    .split('.')
    .concat('0')
    .map((part) => new Int32(Number(part))),
  gitVersion: 'embedded',
  modules: ['embedded-sqlite'],
  bits: new Int32(64),
  debug: false,
  maxBsonObjectSize: new Int32(maxBsonObjectSize),
  storageEngines: ['sqlite'],
})

export const hostInfo: CommandHandler = () => ({
  system: {
    currentTime: new Date(),
    hostname: hostname(),
    cpuArch: arch(),
    numCores: new Int32(cpus().length),
    memSizeMB: Long.fromNumber(Math.round(totalmem() / 2 ** 20)),
  },
  os: { type: platform(), name: platform(), version: '' },
  extra: {},
})

export const connectionStatus: CommandHandler = () => ({
  authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] },
})

export const whatsmyuri: CommandHandler = ({ server }) => ({ you: server.address() })

export const serverStatus: CommandHandler = ({ server }) => {
  const uptime = (Date.now() - server.startedAt) / 1000
  return {
    host: hostname(),
    version: serverVersion,
    process: 'embedded-mongodb',
    pid: Long.fromNumber(process.pid),
    uptime,
    uptimeMillis: Long.fromNumber(Math.round(uptime * 1000)),
    localTime: new Date(),
    connections: { current: new Int32(server.connectionCount()) },
    mem: { resident: new Int32(Math.round(process.memoryUsage.rss() / 2 ** 20)) },
    metrics: { cursor: { open: { total: new Int32(server.cursors.size) } } },
    storageEngine: { name: 'sqlite', persistent: true },
  }
}

/** Commands that concern features without effect here, such as sessions: accepted and done. */
export const accepted: CommandHandler = () => ({})
