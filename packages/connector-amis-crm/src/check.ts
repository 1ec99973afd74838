import type { CheckResult } from '@amis-sync/core'
import { clockCheck, toCheckResult } from '@amis-sync/http-client'
import { hasCode } from './api.ts'
import type { CrmApi } from './api.ts'
import type { Capabilities } from './capabilities.ts'
import type { CrmConfig } from './config.ts'
import { resources } from './resources.ts'
import type { Resource } from './resources.ts'

function rightMissing(api: CrmApi, names: readonly string[]): CheckResult {
  const list = names.join(', ')
  return {
    code: 'RIGHT_MISSING',
    ok: false,
    meaning: {
      vi: `${api.name}: tài khoản API không có quyền đọc: ${list}.`,
      en: `${api.name}: the API user may not read: ${list}.`,
    },
    remedy: {
      vi: 'Hãy cấp quyền cho tài khoản API trong AMIS CRM, hoặc tắt các loại dữ liệu này.',
      en: 'Give the API user the right in AMIS CRM, or switch these kinds of data off.',
    },
  }
}

function webhookCheck(api: CrmApi, config: CrmConfig): CheckResult {
  if (config.webhookSecret !== undefined) {
    return {
      code: 'OK_WEBHOOK_SECRET',
      ok: true,
      meaning: { vi: `${api.name}: đã có khóa webhook.`, en: `${api.name}: the webhook secret is set.` },
    }
  }
  return {
    code: 'WEBHOOK_SECRET_NOT_SET',
    ok: true,
    meaning: {
      vi: `${api.name}: chưa có khóa webhook; thay đổi được tìm bằng cách hỏi định kỳ nên đến chậm hơn.`,
      en: `${api.name}: no webhook secret is set; changes are found by polling, so they arrive later.`,
    },
    remedy: {
      vi: 'Đăng ký địa chỉ webhook trong AMIS CRM (giả định) và điền webhookSecret của kết nối.',
      en: "Register the webhook address in AMIS CRM (assumed) and set the connection's webhookSecret.",
    },
  }
}

/** Every table that this deployment should offer, looked at with one row. */
async function resourceChecks(api: CrmApi, capabilities: Capabilities): Promise<CheckResult[]> {
  const lines: CheckResult[] = []
  const refused: string[] = []
  const absent: string[] = []
  const look = async (resource: Resource): Promise<void> => {
    if (resource.flag !== undefined && !(await capabilities.has(resource.flag))) return
    try {
      await api.rows(resource.path, { page: 0, pageSize: 1 })
    } catch (error) {
      if (hasCode(error, 'RIGHT_MISSING')) refused.push(resource.name)
      else if (hasCode(error, 'RESOURCE_NOT_OFFERED')) absent.push(resource.name)
      else lines.push(toCheckResult(error))
    }
  }
  for (const resource of resources) await look(resource)
  if (refused.length > 0) lines.push(rightMissing(api, refused))
  if (absent.length > 0) {
    lines.push({
      code: 'RESOURCE_NOT_OFFERED',
      ok: false,
      meaning: {
        vi: `${api.name}: địa chỉ này không có: ${absent.join(', ')}.`,
        en: `${api.name}: this address does not offer: ${absent.join(', ')}.`,
      },
      remedy: {
        vi: 'Kiểm tra baseUrl, hoặc tắt tính năng tương ứng trong capabilities của kết nối.',
        en: "Check baseUrl, or switch the capability off in the connection's capabilities.",
      },
    })
  }
  if (lines.length > 0) return lines
  return [
    {
      code: 'OK_RESOURCES',
      ok: true,
      meaning: {
        vi: `${api.name}: đọc được mọi loại dữ liệu cần dùng.`,
        en: `${api.name}: all data needed can be read.`,
      },
    },
  ]
}

/** The connection check (C12). Touches nothing; never throws for a fault of the other side. */
export async function checkConnection(
  api: CrmApi,
  config: CrmConfig,
  capabilities: Capabilities,
): Promise<CheckResult[]> {
  try {
    await api.signIn()
    // A token that was kept may have been withdrawn meanwhile: one real call proves it.
    await api.send({ method: 'GET', path: '/Customers', query: { page: 0, pageSize: 1 }, repeatable: true })
  } catch (error) {
    return [toCheckResult(error), ...clockCheck(api.name, api.transport.clockSkewMs)]
  }
  return [
    {
      code: 'OK_CREDENTIALS',
      ok: true,
      meaning: {
        vi: `${api.name}: kết nối và đăng nhập được.`,
        en: `${api.name}: reached, and the credentials are good.`,
      },
    },
    ...(await resourceChecks(api, capabilities)),
    ...clockCheck(api.name, api.transport.clockSkewMs),
    webhookCheck(api, config),
  ]
}
