import { MongoBulkWriteError, MongoNetworkError, MongoServerError } from 'mongodb'
import { expect, test } from 'vitest'
import { isDuplicateKey, toDatabaseError, withoutCredentials } from './mongo-errors.ts'

test.each([
  [new MongoNetworkError('connection 1 closed'), 'DATABASE_UNREACHABLE', 'retriable'],
  [new MongoServerError({ message: 'not primary', code: 10107 }), 'DATABASE_UNREACHABLE', 'retriable'],
  [
    new MongoBulkWriteError({ message: 'connection 1 closed' } as never, {} as never),
    'DATABASE_UNREACHABLE',
    'retriable',
  ],
  [new MongoServerError({ message: 'Authentication failed.', code: 18 }), 'DATABASE_LOGIN_REFUSED', 'config'],
  [new MongoServerError({ message: 'not authorized on x', code: 13 }), 'DATABASE_RIGHT_MISSING', 'config'],
  [new MongoServerError({ message: 'too large', code: 10334 }), 'DATABASE_DOCUMENT_TOO_LARGE', 'recordRejected'],
  [new MongoServerError({ message: 'disk', code: 14031 }), 'DATABASE_FULL', 'retriable'],
  [new MongoServerError({ message: 'other', code: 2 }), 'DATABASE_FAILED', 'retriable'],
  [new Error('other'), 'DATABASE_FAILED', 'retriable'],
  ['text', 'DATABASE_FAILED', 'retriable'],
])('%s becomes %s', (error, code, kind) => {
  const known = toDatabaseError(error)
  expect(known).toMatchObject({ code, kind })
  expect(toDatabaseError(known)).toBe(known)
})

test('only the server says that a key is there twice', () => {
  expect(isDuplicateKey(new MongoServerError({ message: 'E11000', code: 11000 }))).toBe(true)
  expect(isDuplicateKey(new Error('E11000'))).toBe(false)
})

test.each([
  ['Invalid connection string "mongodb://u:p%40ss@h:1/x?y"', 'Invalid connection string "mongodb://***@h:1/x?y"'],
  ['at MONGODB+SRV://u:p/w@h/x', 'at MONGODB+SRV://***@h/x'],
  ['mysql://u:p@h', 'mysql://***@h'],
  ['connect ECONNREFUSED 127.0.0.1:1, mail a@b', 'connect ECONNREFUSED 127.0.0.1:1, mail a@b'],
])('%s', (text, safe) => {
  expect(withoutCredentials(text)).toBe(safe)
})
