import { aggregate } from './aggregate.ts'
import { collStats, create, dbStats, drop, dropDatabase, listCollections, listDatabases } from './catalog.ts'
import type { CommandHandler } from './context.ts'
import { count, distinct } from './count-distinct.ts'
import { deleteDocuments } from './delete.ts'
import { explain } from './explain.ts'
import { findAndModify } from './find-and-modify.ts'
import { find, getMore, killCursors } from './find.ts'
import {
  accepted,
  buildInfo,
  connectionStatus,
  embeddedServerInfo,
  hello,
  hostInfo,
  isMaster,
  ping,
  serverStatus,
  whatsmyuri,
} from './handshake.ts'
import { createIndexes, dropIndexes, listIndexes } from './indexes.ts'
import { insert } from './insert.ts'
import { update } from './update.ts'

interface RegisteredCommand {
  readonly run: CommandHandler
  /** Fields that the command understands; others are refused, because ignoring one could give a wrong answer. */
  readonly fields: ReadonlySet<string> | 'any'
}

const query = ['hint', 'collation', 'let']

function command(run: CommandHandler, fields: readonly string[]): RegisteredCommand {
  return { run, fields: new Set(fields) }
}

function anyFields(run: CommandHandler): RegisteredCommand {
  return { run, fields: 'any' }
}

const findAndModifyCommand = command(findAndModify, [
  'query',
  'sort',
  'remove',
  'update',
  'new',
  'fields',
  'upsert',
  'bypassDocumentValidation',
  'arrayFilters',
  ...query,
])
const buildInfoCommand = anyFields(buildInfo)
const isMasterCommand = anyFields(isMaster)
const collStatsCommand = anyFields(collStats)

/** Every command by its wire name. */
export const commands: ReadonlyMap<string, RegisteredCommand> = new Map(
  Object.entries({
    hello: anyFields(hello),
    isMaster: isMasterCommand,
    ismaster: isMasterCommand,
    ping: anyFields(ping),
    buildInfo: buildInfoCommand,
    buildinfo: buildInfoCommand,
    hostInfo: anyFields(hostInfo),
    connectionStatus: anyFields(connectionStatus),
    whatsmyuri: anyFields(whatsmyuri),
    serverStatus: anyFields(serverStatus),
    embeddedServerInfo: anyFields(embeddedServerInfo),
    endSessions: anyFields(accepted),
    refreshSessions: anyFields(accepted),
    killSessions: anyFields(accepted),
    insert: command(insert, ['documents', 'ordered', 'bypassDocumentValidation']),
    update: command(update, ['updates', 'ordered', 'bypassDocumentValidation', 'let']),
    delete: command(deleteDocuments, ['deletes', 'ordered', 'let']),
    findAndModify: findAndModifyCommand,
    findandmodify: findAndModifyCommand,
    find: command(find, [
      'filter',
      'sort',
      'projection',
      'skip',
      'limit',
      'batchSize',
      'singleBatch',
      'tailable',
      'awaitData',
      'noCursorTimeout',
      'allowPartialResults',
      'allowDiskUse',
      'oplogReplay',
      ...query,
    ]),
    getMore: command(getMore, ['collection', 'batchSize']),
    killCursors: command(killCursors, ['cursors']),
    aggregate: command(aggregate, ['pipeline', 'cursor', 'allowDiskUse', 'bypassDocumentValidation', ...query]),
    count: command(count, ['query', 'limit', 'skip', 'fields', ...query]),
    distinct: command(distinct, ['key', 'query', ...query]),
    explain: command(explain, ['verbosity']),
    create: anyFields(create),
    drop: command(drop, []),
    dropDatabase: command(dropDatabase, []),
    listCollections: command(listCollections, ['filter', 'nameOnly', 'authorizedCollections', 'cursor']),
    listDatabases: command(listDatabases, ['filter', 'nameOnly', 'authorizedDatabases']),
    createIndexes: command(createIndexes, ['indexes', 'commitQuorum', 'ignoreUnknownIndexOptions']),
    listIndexes: command(listIndexes, ['cursor']),
    dropIndexes: command(dropIndexes, ['index']),
    collStats: collStatsCommand,
    collstats: collStatsCommand,
    dbStats: anyFields(dbStats),
    dbstats: anyFields(dbStats),
  }),
)

/** Fields that any command may carry and that change nothing here. */
export const genericFields: ReadonlySet<string> = new Set([
  '$db',
  '$clusterTime',
  '$readPreference',
  '$configServerState',
  'lsid',
  'readConcern',
  'writeConcern',
  'maxTimeMS',
  'comment',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
  '$client',
  'timeoutMS',
  'rawData',
])
