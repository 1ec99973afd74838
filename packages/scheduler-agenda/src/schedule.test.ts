import { expect, test } from 'vitest'
import { defaultTimezone, toSchedule } from './schedule.ts'

test('milliseconds and cron expressions', () => {
  expect(toSchedule('job', 60_000)).toEqual({ interval: 60_000, timezone: undefined })
  expect(toSchedule('job', ' 0  2 * * * ')).toEqual({ interval: '0 2 * * *', timezone: defaultTimezone })
  expect(toSchedule('job', '*/10 * * * * *', 'UTC')).toEqual({ interval: '*/10 * * * * *', timezone: 'UTC' })
})

test.each([
  [0, undefined],
  [-1, undefined],
  [Number.NaN, undefined],
  ['', undefined],
  ['5000', undefined],
  ['5 minutes', undefined],
  ['0 2 * * *', 'Asia/Nowhere'],
])('%s in %s is refused', (interval, timezone) => {
  expect(() => toSchedule('job', interval, timezone)).toThrow('SCHEDULE_INVALID')
})
