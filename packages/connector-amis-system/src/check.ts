import type { CheckResult } from '@amis-sync/core'
import { clockCheck, toCheckResult } from '@amis-sync/http-client'
import type { SystemApi } from './api.ts'
import type { SystemConfig } from './config.ts'
import { resources } from './resources.ts'

function webhookCheck(api: SystemApi, config: SystemConfig): CheckResult {
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
      vi: 'Đăng ký địa chỉ webhook trong AMIS Hệ thống (giả định) và điền webhookSecret của kết nối.',
      en: "Register the webhook address in AMIS System (assumed) and set the connection's webhookSecret.",
    },
  }
}

async function readable(api: SystemApi): Promise<CheckResult[]> {
  const faults: CheckResult[] = []
  for (const { path } of resources) {
    try {
      await api.list(path, { limit: 1 })
    } catch (error) {
      faults.push(toCheckResult(error))
    }
  }
  if (faults.length > 0) return faults
  return [
    {
      code: 'OK_RESOURCES',
      ok: true,
      meaning: {
        vi: `${api.name}: đọc được cơ cấu tổ chức và nhân viên (giao diện giả định).`,
        en: `${api.name}: organisation units and employees can be read (assumed interface).`,
      },
    },
  ]
}

/** The connection check (C12). Touches nothing; never throws for a fault of the other side. */
export async function checkConnection(api: SystemApi, config: SystemConfig): Promise<CheckResult[]> {
  try {
    await api.signIn()
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
    ...(await readable(api)),
    ...clockCheck(api.name, api.transport.clockSkewMs),
    webhookCheck(api, config),
  ]
}
