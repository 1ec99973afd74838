import {
  type EntityPlugin,
  type Failure,
  type Link,
  type TenantState,
  type WorkItem,
  type WorkState,
  defineEntityPlugin,
  definePolicy,
  field,
  shared,
} from '@amis-sync/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { whyAnswer } from './why-answer.ts'
import type { WhyCode, WhyFacts } from './why-facts.ts'

const side = { write: 'patch', resources: [{ resource: 'Things', columns: {} }] } as const
const plugin: EntityPlugin = defineEntityPlugin({
  id: 'thing',
  version: '1.0.0',
  coreRange: '^1.0.0',
  labels: { vi: 'Đồ vật', en: 'Things' },
  kind: 'catalogue',
  sides: ['crm', 'accounting'],
  schema: z.object({}),
  fields: { phone: field.phone(shared, { vi: 'Điện thoại', en: 'Phone' }) },
  wire: { crm: side, accounting: side },
  policy: definePolicy({
    directions: [
      { from: 'crm', to: 'accounting', create: 'always', update: 'always', link: 'always', deactivate: 'always' },
    ],
  }),
  firstSync: { step: 2, directions: [] },
})
const failure: Failure = { code: 'X', kind: 'needsPerson', vi: 'Chứng từ bị khóa.', en: 'It is locked.' }
const names = { crm: { vi: 'CRM', en: 'CRM' }, accounting: { vi: 'Kế toán', en: 'Accounting' } }
const live: TenantState = { phase: 'live', updatedAt: 0 }

const link = (what?: string, why = 'ONE_WAY', more: Partial<Link> = {}): Link => ({
  id: 'L',
  entity: 'thing',
  sides: { crm: { resource: 'Things', id: '1', key: 'A' } },
  linked: false,
  trail: what === undefined ? [] : [{ at: 1_780_000_000_000, what, why, from: 'crm', to: 'accounting' }],
  revision: 1,
  ...more,
})

const both = { crm: { resource: 'Things', id: '1', key: 'A' }, accounting: { resource: 'Things', id: '2', key: 'A' } }
const linked = (more: Partial<Link> = {}) => link('create', 'PULLED', { linked: true, sides: both, ...more })

const item = (state: WorkState, more: Partial<WorkItem> = {}): WorkItem => ({
  id: 'thing|crm|Things|1',
  entity: 'thing',
  side: 'crm',
  resource: 'Things',
  recordId: '1',
  state,
  triggers: [],
  pulledBy: [],
  attempts: 2,
  notBefore: 1_780_000_000_000,
  waitingFor: [],
  failure,
  createdAt: 0,
  hintRevision: 1,
  ...more,
})

const ask = (more: Partial<WhyFacts>) =>
  whyAnswer({ tenant: 'acme', plugin, key: 'A', names, enabled: true, state: live, work: [], ...more })

const lookalike = {
  at: 1,
  what: 'hold',
  why: 'LOOKS_LIKE',
  text: { vi: 'Bản ghi giống KH9.', en: 'It looks like KH9.' },
}
const conflict = [{ field: 'phone', values: { crm: '1', accounting: '2' }, base: '0' }]
const found = { side: 'crm', resource: 'Things', id: '1', text: { vi: 'là nháp.', en: 'it is a draft.' } }
const state = (more: Partial<TenantState>): TenantState => ({ ...live, ...more })

describe('why a record moved or did not, in one sentence', () => {
  it.each<[WhyCode, Partial<WhyFacts>, RegExp, RegExp]>([
    ['ENTITY_DISABLED', { enabled: false, link: linked() }, /không được chọn/, /Bật thing/],
    ['NOT_CONNECTED', { state: state({ phase: 'new' }) }, /chưa kết nối/, /connect acme/],
    ['DISCONNECTED', { state: state({ phase: 'disconnected' }), link: linked() }, /ngắt kết nối/, /connect acme/],
    ['ENTITY_OFF', { state: state({ off: { thing: failure } }), link: linked() }, /bị khóa/, /doctor/],
    ['IN_FLIGHT', { link: link(), work: [item('accepted')] }, /Đã gửi sang Kế toán/, /tự/],
    [
      'CONFLICT',
      { link: linked(), work: [item('conflict', { conflict })] },
      /cùng sửa: Điện thoại/,
      /conflicts show acme A/,
    ],
    ['SAME_KEY', { link: link(), work: [item('conflict', { conflict: [] })] }, /Được giữ lại/, /--same \| --different/],
    [
      'BLOCKED',
      { link: linked(), work: [item('blocked')] },
      /chờ người xử lý ở Kế toán: Chứng từ bị khóa/,
      /blocked acme --retry/,
    ],
    ['REJECTED', { link: link(), work: [item('parked')] }, /Chưa gửi được sang Kế toán/, /failures retry acme --id A/],
    ['RETRYING', { link: link(), work: [item('failed')] }, /\(lần 2\)/, /Tự thử lại lúc 2026-/],
    ['WAITING', { work: [item('waiting')] }, /bị khóa/, /Không cần/],
    [
      'WAITING',
      {
        work: [item('waiting')],
        waiting: {
          chain: [
            { vi: 'Nhóm N', en: 'Group N' },
            { vi: 'Nhóm M', en: 'Group M' },
          ],
          why: { vi: 'M bị từ chối.', en: 'x' },
          todo: { vi: 'Sửa M', en: 'x' },
        },
      },
      /chờ: Nhóm N → Nhóm M\. M bị từ chối/,
      /Sửa M/,
    ],
    ['QUEUED', { link: link(), work: [item('ready')] }, /hàng đợi/, /Không cần/],
    ['PAUSED', { state: state({ phase: 'paused' }), work: [item('ready')] }, /tạm dừng/, /resume acme/],
    [
      'CONNECTION_STOPPED',
      { state: state({ stopped: { accounting: failure } }), work: [item('ready')] },
      /Kế toán đang lỗi/,
      /doctor acme/,
    ],
    ['SYNCED', { link: linked() }, /Đã đồng bộ lúc 2026-.* \(tạo ở Kế toán\): CRM A ⇄ Kế toán A/, /tự được gửi/],
    ['SYNCED', { link: linked(), state: state({ phase: 'paused' }) }, /Đã đồng bộ/, /resume acme/],
    [
      'GONE',
      { link: linked({ sides: { ...both, crm: { ...both.crm, gone: true } } }) },
      /đã bị xóa ở CRM/,
      /Không cần/,
    ],
    ['REJECTED', { link: link('rejected', 'X') }, /Chưa gửi được/, /sync acme thing --key A --from crm/],
    ['HELD', { link: link('hold', 'X') }, /Chưa gửi/, /sửa ở CRM/],
    ['SAME_KEY', { link: link('conflict', 'SAME_KEY') }, /trùng mã/, /conflicts acme/],
    ['ONE_WAY', { link: link('ignore', 'ONE_WAY') }, /chiều ngược lại/, /Không cần/],
    ['READ_ONLY', { link: link('ignore', 'READ_ONLY') }, /không cho ghi/, /Không cần/],
    ['WITHDRAWN', { link: link('remove', 'WITHDRAWN') }, /thu hồi/, /Không cần/],
    ['PARTED', { link: link('part', 'PARTED') }, /tách cặp/, /hoàn tác/],
    [
      'LOOKS_LIKE',
      { link: link('hold', 'LOOKS_LIKE', { trail: [lookalike] }) },
      /giống KH9/,
      /standardise review acme thing/,
    ],
    [
      'GONE',
      {
        plugin: { ...plugin, kind: 'document' },
        link: linked({ sides: { ...both, crm: { ...both.crm, gone: true } } }),
      },
      /Chứng từ đã bị xóa/,
      /Không cần/,
    ],
    [
      'SAME_KEY',
      { link: link(), work: [item('conflict', { conflict: [], failure: { ...failure, code: 'DIFFERENT_SAME_KEY' } })] },
      /bị khóa/,
      /Đổi mã/,
    ],
    ['NOT_NEEDED_YET', { link: link('ignore', 'NOT_NEEDED_YET') }, /chưa mua gì/, /tự đi kèm.*sync acme thing/],
    ['NOT_REQUESTED', { link: link('ignore', 'NOT_REQUESTED') }, /chưa có ai đề nghị/, /sync acme thing/],
    [
      'SEEN',
      { link: link('seen', 'SEEN'), verdict: { vi: 'Luôn gửi.', en: 'x' } },
      /Đã biết.*Luôn gửi/,
      /sync acme thing/,
    ],
    ['UNKNOWN', {}, /Chưa từng thấy Đồ vật "A"/, /Kiểm tra mã/],
    ['NOT_THERE', { looked: { found: [], asked: ['crm', 'accounting'] } }, /ở CRM, Kế toán/, /Kiểm tra mã/],
    [
      'NOT_OURS',
      { looked: { found: [{ ...found, ours: false }], asked: ['crm'] } },
      /CRM có "A".*nhưng là nháp/,
      /Không cần/,
    ],
    [
      'NOT_SEEN_YET',
      { looked: { found: [{ ...found, ours: true }], asked: ['crm'] } },
      /chưa nhận được\. là nháp/,
      /sync acme thing/,
    ],
  ])('%s %#', (code, facts, main, next) => {
    const answer = ask(facts)
    expect(answer.code).toBe(code)
    expect(answer.main.vi).toMatch(main)
    expect(answer.next.vi).toMatch(next)
    expect(answer.main.en.length * answer.next.en.length).toBeGreaterThan(0)
  })
})
