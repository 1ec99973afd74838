import { type Failure, type Message, type WorkItem, otherSide, reasons } from '@amis-sync/core'
import { conflictNames, newestConflict } from './choices.ts'
import { systemName } from './system-name.ts'
import { type WhyAnswer, type WhyFacts, answer, stamp } from './why-facts.ts'

/** The answer of a record that has work in the queue: under way, waiting, or stuck. */
export function ofWork(facts: WhyFacts): WhyAnswer | undefined {
  const { work } = facts
  const at = (state: WorkItem['state']) => work.find((item) => item.state === state)
  const accepted = at('accepted')
  if (accepted) return inFlight(facts, accepted)
  const conflict = at('conflict')
  if (conflict) return inConflict(facts, conflict)
  const blocked = at('blocked')
  if (blocked) return isBlocked(facts, blocked)
  const parked = at('parked')
  if (parked) return isRejected(facts, parked)
  const failed = at('failed')
  if (failed) return isRetrying(facts, failed)
  if (at('waiting')) return isWaiting(facts)
  const ready = at('ready')
  return ready && isQueued(facts, ready)
}

function inFlight({ plugin, names }: WhyFacts, { entity, side, settledAt }: WorkItem): WhyAnswer {
  const to = systemName(names, otherSide(plugin, side))
  const since = settledAt === undefined ? '' : ` ${stamp(settledAt)}`
  return answer(
    'IN_FLIGHT',
    {
      vi: `Đã gửi sang ${to.vi}${since}, đang chờ kết quả.`,
      en: `Sent to ${to.en}${since}, the outcome is due (${entity}).`,
    },
    { vi: 'Hệ thống tự nhận hoặc tự hỏi kết quả.', en: 'The outcome comes, or is asked for, by itself.' },
  )
}

function inConflict({ tenant, plugin, key, work }: WhyFacts, item: WorkItem): WhyAnswer {
  const open = newestConflict(work)
  const show = `amis-sync conflicts show ${tenant} ${key}`
  if (open.length === 0) {
    const { vi, en } = item.failure ?? reasons.SAME_KEY
    if (item.failure?.code === 'DIFFERENT_SAME_KEY') return answer('SAME_KEY', { vi, en }, changeCode)
    return answer(
      'SAME_KEY',
      { vi: `Được giữ lại: ${vi}`, en: `Held: ${en}` },
      {
        vi: `Quyết định: amis-sync conflicts resolve ${tenant} ${key} --same | --different`,
        en: `Decide: amis-sync conflicts resolve ${tenant} ${key} --same | --different`,
      },
    )
  }
  const label = (language: keyof Message) =>
    conflictNames(open)
      .map((name) => plugin.fields[name]?.labels?.[language] ?? name)
      .join(', ')
  return answer(
    'CONFLICT',
    {
      vi: `Được giữ lại vì hai bên cùng sửa: ${label('vi')}.`,
      en: `Held, since both sides changed: ${label('en')}.`,
    },
    { vi: `Xem và chọn giá trị đúng: ${show}`, en: `See both values and choose: ${show}` },
  )
}

const changeCode: Message = {
  vi: 'Đổi mã ở một bên; mỗi bản ghi sẽ tự đi tiếp.',
  en: 'Change the code at one side; each record goes on by itself then.',
}

function failureOf(item: WorkItem): Failure {
  return item.failure ?? { code: 'UNKNOWN', kind: 'retriable', vi: 'Không rõ lý do.', en: 'The reason is not known.' }
}

function isBlocked({ tenant, plugin, names }: WhyFacts, item: WorkItem): WhyAnswer {
  const { vi, en } = failureOf(item)
  const to = systemName(names, otherSide(plugin, item.side))
  return answer(
    'BLOCKED',
    {
      vi: `Thay đổi chưa gửi được, chờ người xử lý ở ${to.vi}: ${vi}`,
      en: `The change is blocked by a person at ${to.en}: ${en}`,
    },
    {
      vi: `Xử lý ở ${to.vi}; hệ thống tự gửi lại khi ${to.vi} báo, hoặc: amis-sync blocked ${tenant} --retry`,
      en: `Deal with it at ${to.en}; it is sent again as soon as ${to.en} tells, or: amis-sync blocked ${tenant} --retry`,
    },
  )
}

function isRejected({ tenant, plugin, names, key }: WhyFacts, item: WorkItem): WhyAnswer {
  const { vi, en } = failureOf(item)
  const [from, to] = [systemName(names, item.side), systemName(names, otherSide(plugin, item.side))]
  return answer(
    'REJECTED',
    { vi: `Chưa gửi được sang ${to.vi}: ${vi}`, en: `It did not get to ${to.en}: ${en}` },
    {
      vi: `Sửa bản ghi ở ${from.vi}, lỗi sẽ tự đóng; hoặc thử lại: amis-sync failures retry ${tenant} --id ${key}`,
      en: `Mend the record at ${from.en}, the failure closes by itself; or try again: amis-sync failures retry ${tenant} --id ${key}`,
    },
  )
}

function isRetrying({ tenant, plugin, names, key }: WhyFacts, item: WorkItem): WhyAnswer {
  const { vi, en } = failureOf(item)
  const to = systemName(names, otherSide(plugin, item.side))
  return answer(
    'RETRYING',
    {
      vi: `Chưa gửi được sang ${to.vi} (lần ${item.attempts}): ${vi}`,
      en: `It did not get to ${to.en} (attempt ${item.attempts}): ${en}`,
    },
    {
      vi: `Tự thử lại lúc ${stamp(item.notBefore)}; ngay bây giờ: amis-sync failures retry ${tenant} --id ${key}`,
      en: `Tried again by itself at ${stamp(item.notBefore)}; at once: amis-sync failures retry ${tenant} --id ${key}`,
    },
  )
}

function isWaiting({ waiting, work }: WhyFacts): WhyAnswer {
  const failure = work.find(({ state }) => state === 'waiting')?.failure
  if (!waiting || waiting.chain.length === 0) {
    return answer('WAITING', failure ?? { vi: 'Đang chờ bản ghi khác.', en: 'It waits for another record.' })
  }
  const list = (language: 'vi' | 'en') => waiting.chain.map((one) => one[language]).join(' → ')
  return answer(
    'WAITING',
    {
      vi: `Chưa gửi vì đang chờ: ${list('vi')}. ${waiting.why.vi}`,
      en: `Not sent, since it waits for: ${list('en')}. ${waiting.why.en}`,
    },
    waiting.todo,
  )
}

function isQueued({ tenant, state, plugin, names }: WhyFacts, { side }: WorkItem): WhyAnswer {
  if (state.phase === 'paused') {
    return answer(
      'PAUSED',
      {
        vi: 'Chưa gửi vì đồng bộ đang tạm dừng; thay đổi được xếp hàng.',
        en: 'Not sent, since the sync is paused; changes queue up.',
      },
      { vi: `Chạy tiếp: amis-sync resume ${tenant}`, en: `Go on: amis-sync resume ${tenant}` },
    )
  }
  const stopped = [side, otherSide(plugin, side)].find((system) => state.stopped?.[system])
  const failure = stopped === undefined ? undefined : state.stopped?.[stopped]
  if (stopped !== undefined && failure) {
    const name = systemName(names, stopped)
    return answer(
      'CONNECTION_STOPPED',
      {
        vi: `Chưa gửi vì kết nối với ${name.vi} đang lỗi: ${failure.vi}`,
        en: `Not sent, since the connection with ${name.en} is in trouble: ${failure.en}`,
      },
      { vi: `Kiểm tra: amis-sync doctor ${tenant}`, en: `Check: amis-sync doctor ${tenant}` },
    )
  }
  return answer('QUEUED', {
    vi: 'Đang trong hàng đợi, sắp được xử lý.',
    en: 'It is in the queue, its turn comes soon.',
  })
}
