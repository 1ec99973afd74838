import { type Link, type Message, type SystemId, directionOf, otherSide, reasons } from '@amis-sync/core'
import { systemName } from './system-name.ts'
import { type WhyAnswer, type WhyFacts, answer, stamp } from './why-facts.ts'
import { ofWork } from './why-of-work.ts'

/** One main sentence first, the next step second. Pure: everything that it says stands in the facts. */
export function whyAnswer(facts: WhyFacts): WhyAnswer {
  return ofTenant(facts) ?? ofWork(facts) ?? (facts.link ? ofLink(facts, facts.link) : ofUnknown(facts))
}

/** Reasons that stand above any single record. */
function ofTenant({ plugin, enabled, state, tenant }: WhyFacts): WhyAnswer | undefined {
  const { vi, en } = plugin.labels
  const connect = `amis-sync connect ${tenant}`
  if (!enabled) {
    return answer(
      'ENTITY_DISABLED',
      {
        vi: `Không đồng bộ: "${vi}" không được chọn cho công ty này.`,
        en: `Not synced: "${en}" is not chosen for this company.`,
      },
      {
        vi: `Bật ${plugin.id} trong tệp cấu hình nếu cần.`,
        en: `Switch ${plugin.id} on in the tenant file if it is wanted.`,
      },
    )
  }
  if (state.phase === 'new') {
    return answer(
      'NOT_CONNECTED',
      { vi: 'Chưa gửi vì công ty chưa kết nối.', en: 'Not sent, since the company is not connected yet.' },
      { vi: `Kết nối: ${connect}`, en: `Connect: ${connect}` },
    )
  }
  if (state.phase === 'disconnected') {
    return answer(
      'DISCONNECTED',
      {
        vi: 'Không đồng bộ vì công ty đã ngắt kết nối; các liên kết vẫn được giữ.',
        en: 'Not synced, since the company is disconnected; links are kept.',
      },
      { vi: `Kết nối lại: ${connect}`, en: `Connect again: ${connect}` },
    )
  }
  const off = state.off?.[plugin.id]
  return (
    off &&
    answer('ENTITY_OFF', { vi: off.vi, en: off.en }, { vi: 'Xem "amis-sync doctor".', en: 'See "amis-sync doctor".' })
  )
}

/** Nothing is to be done with the record now. */
function ofLink(facts: WhyFacts, link: Link): WhyAnswer {
  const { names, state, tenant } = facts
  const gone = Object.entries(link.sides).find(([, at]) => at?.gone)
  if (gone) {
    if (facts.plugin.kind === 'document') return answer('GONE', reasons.DOCUMENT_GONE)
    const name = systemName(names, gone[0])
    return answer('GONE', {
      vi: `Bản ghi đã bị xóa ở ${name.vi}; bên kia không bao giờ bị xóa theo, chỉ ngừng sử dụng nếu được.`,
      en: `The record was deleted at ${name.en}; the other side is never deleted, only marked inactive where it can be.`,
    })
  }
  if (!link.linked) return ofUnlinked(facts, link)
  const written = link.trail.findLast(({ what }) => what in wrote)
  const pair = Object.entries(link.sides)
    .map(([side, at]) => `${systemName(names, side).vi} ${at?.key ?? at?.id ?? '?'}`)
    .join(' ⇄ ')
  const since = written ? stamp(written.at) : '–'
  const what = written ? wrote[written.what as keyof typeof wrote] : wrote.link
  const to = written?.to === undefined ? { vi: '', en: '' } : systemName(names, written.to)
  return answer(
    'SYNCED',
    {
      vi: `Đã đồng bộ lúc ${since} (${what.vi} ${to.vi}): ${pair}.`,
      en: `Synced at ${since} (${what.en} ${to.en}): ${pair}.`,
    },
    state.phase === 'paused'
      ? {
          vi: `Đang tạm dừng; thay đổi mới được xếp hàng. Chạy tiếp: amis-sync resume ${tenant}`,
          en: `Paused; new changes queue up. Go on: amis-sync resume ${tenant}`,
        }
      : { vi: 'Thay đổi tiếp theo tự được gửi.', en: 'Further changes are sent by themselves.' },
  )
}

const wrote = {
  create: { vi: 'tạo ở', en: 'created at' },
  update: { vi: 'cập nhật', en: 'updated' },
  writeBack: { vi: 'trả về', en: 'told back to' },
  deactivate: { vi: 'ngừng sử dụng ở', en: 'marked inactive at' },
  link: { vi: 'liên kết với', en: 'linked with' },
} as const

function ofUnlinked(facts: WhyFacts, link: Link): WhyAnswer {
  const { verdict, names, plugin } = facts
  const last = link.trail.at(-1)
  const known = last && last.why in reasons ? reasons[last.why as keyof typeof reasons] : undefined
  const text = last?.text ?? known ?? reasons.NOT_REQUESTED
  const side = Object.keys(link.sides)[0] ?? plugin.sides[0]
  const byHand = sendByHand(facts, side)
  switch (last?.what) {
    case 'rejected':
      return answer('REJECTED', { vi: `Chưa gửi được: ${text.vi}`, en: `Not sent: ${text.en}` }, byHand)
    case 'remove':
      return answer('WITHDRAWN', text)
    case 'part':
      return answer('PARTED', text, {
        vi: `Nếu tách nhầm, hãy hoàn tác; gửi riêng bản ghi này: ${byHand.vi}`,
        en: `If that was wrong, undo it; to send the record by itself: ${byHand.en}`,
      })
    case 'hold':
      if (last.why === 'LOOKS_LIKE') return answer('LOOKS_LIKE', text, reviewPairs(facts))
      return answer(
        'HELD',
        { vi: `Chưa gửi: ${text.vi}`, en: `Held: ${text.en}` },
        {
          vi: `Khi lý do này hết (bản ghi được sửa ở ${systemName(names, side).vi}), hệ thống tự gửi.`,
          en: `As soon as that ends (the record is changed at ${systemName(names, side).en}), it is sent by itself.`,
        },
      )
    case 'conflict':
      return answer('SAME_KEY', text, {
        vi: `Quyết định: amis-sync conflicts ${facts.tenant}`,
        en: `Decide: amis-sync conflicts ${facts.tenant}`,
      })
    case 'ignore':
      return ignored(last.why, text, facts, side)
    default: {
      const { vi, en } = verdict ?? text
      return answer(
        'SEEN',
        { vi: `Đã biết bản ghi này, chưa gửi. ${vi}`, en: `The record is known, and not sent. ${en}` },
        byHand,
      )
    }
  }
}

function reviewPairs({ tenant, plugin }: WhyFacts): Message {
  const command = `amis-sync standardise review ${tenant} ${plugin.id}`
  return { vi: `Xem từng cặp và quyết định: ${command}`, en: `See the pairs and decide: ${command}` }
}

function ignored(why: string, text: Message, facts: WhyFacts, side: SystemId): WhyAnswer {
  if (why === 'ONE_WAY' || why === 'READ_ONLY') return answer(why, text)
  if (why === 'NOT_NEEDED_YET') {
    const { vi, en } = sendByHand(facts, side)
    return answer('NOT_NEEDED_YET', text, {
      vi: `Sẽ tự đi kèm khi có chứng từ cần đến nó. ${vi}`,
      en: `It goes along as soon as a document needs it. ${en}`,
    })
  }
  if (facts.plugin.kind === 'document') {
    return answer('NOT_REQUESTED', text, {
      vi: 'Đề nghị ghi doanh số (hoặc gửi đề nghị) trên CRM; hệ thống tự gửi.',
      en: 'Request revenue recording (or send the request) in the CRM; it is sent by itself then.',
    })
  }
  return answer('NOT_REQUESTED', text, sendByHand(facts, side))
}

function sendByHand({ tenant, plugin, key }: WhyFacts, side: SystemId): Message {
  const command = `amis-sync sync ${tenant} ${plugin.id} --key ${key} --from ${side}`
  return { vi: `Gửi bằng tay: ${command}`, en: `Send it by hand: ${command}` }
}

/** The registry does not know the record. */
function ofUnknown({ plugin, key, names, looked, tenant, state }: WhyFacts): WhyAnswer {
  const { vi, en } = plugin.labels
  if (!looked) {
    return answer(
      'UNKNOWN',
      { vi: `Chưa từng thấy ${vi} "${key}" ở bên nào.`, en: `${en} "${key}" was never seen on any side.` },
      {
        vi: 'Kiểm tra mã. Không có runner nào đang chạy để hỏi các hệ thống; hãy chạy "amis-sync run" rồi hỏi lại.',
        en: 'Check the code. No runner is at work that could ask the systems: start "amis-sync run", then ask again.',
      },
    )
  }
  const best = looked.found.find(({ ours }) => ours) ?? looked.found[0]
  const asked = (language: keyof Message) => looked.asked.map((one) => systemName(names, one)[language]).join(', ')
  if (!best) {
    return answer(
      'NOT_THERE',
      { vi: `Không có ${vi} "${key}" ở ${asked('vi')}.`, en: `${en} "${key}" is not at ${asked('en')}.` },
      { vi: 'Kiểm tra mã.', en: 'Check the code.' },
    )
  }
  const name = systemName(names, best.side)
  if (!best.ours) {
    return answer('NOT_OURS', {
      vi: `Không đồng bộ: ${name.vi} có "${key}" (${best.resource}) nhưng ${best.text.vi}`,
      en: `Not synced: ${name.en} has "${key}" (${best.resource}), but ${best.text.en}`,
    })
  }
  if (state.phase === 'paused') {
    return answer(
      'PAUSED',
      {
        vi: `${name.vi} có "${key}" nhưng đồng bộ đang tạm dừng; thay đổi được xếp hàng.`,
        en: `${name.en} has "${key}", but the sync is paused; changes queue up.`,
      },
      { vi: `Chạy tiếp: amis-sync resume ${tenant}`, en: `Go on: amis-sync resume ${tenant}` },
    )
  }
  const seen = {
    vi: `${name.vi} có "${key}" nhưng hệ thống chưa nhận được. ${best.text.vi}`,
    en: `${name.en} has "${key}", which was not heard of yet. ${best.text.en}`,
  }
  // Where nothing is made from this side there is nothing to be sent.
  const way = directionOf(plugin.policy, best.side, otherSide(plugin, best.side))
  if (way === undefined || way.create === 'never') return answer('NOT_SEEN_YET', seen)
  return answer('NOT_SEEN_YET', seen, {
    vi: `Lần quét tới sẽ thấy. Gửi ngay: amis-sync sync ${tenant} ${plugin.id} --key ${key} --from ${best.side}`,
    en: `The next poll finds it. At once: amis-sync sync ${tenant} ${plugin.id} --key ${key} --from ${best.side}`,
  })
}
