import type { Language } from '../cli/language.ts'

/** Where everything runs, for the guide. */
export interface DemoPlaces {
  readonly sandbox: string
  readonly runner: string
  readonly database: string
  readonly tenantFile: string
  /** The command line for the trial, with its environment. */
  readonly command: string
}

const act = (sandbox: string, command: object) => `curl -s ${sandbox}/__sandbox/act -d '${JSON.stringify(command)}'`

/** What runs where, and four things to try, as lines to copy. Vietnamese first, English beside it. */
export function demoGuide(
  places: DemoPlaces,
  samples: { readonly customer: string; readonly order: string },
  language: Language,
): string {
  const { sandbox, runner, database, tenantFile, command } = places
  const both = (vi: string, en: string) => (language === 'vi' ? `${vi} · ${en}` : en)
  return [
    '',
    both('Đang chạy', 'Running'),
    `  ${both('Hệ thống mô phỏng', 'simulated systems')}  ${sandbox}`,
    `  ${both('Bộ đồng bộ', 'runner')}  ${runner}`,
    `  ${both('Cơ sở dữ liệu', 'database')}  ${database}`,
    '',
    both('Bốn việc nên thử', 'Four things to try'),
    '',
    `  1. ${both('Sửa một khách hàng trong CRM, thấy ngay ở Kế toán', 'edit a CRM customer, see it in Accounting at once')}`,
    `     ${act(sandbox, { system: 'crm', action: 'update', entity: 'Customers', key: samples.customer, changes: { office_tel: '024 3999 8888' } })}`,
    `     curl -s '${sandbox}/__sandbox/state?system=accounting&entity=AccountObjects&key=${samples.customer}'`,
    '',
    `  2. ${both('Đề nghị ghi doanh số cho một đơn hàng', 'request revenue recording of an order')}`,
    `     ${act(sandbox, { system: 'crm', action: 'requestRevenue', key: samples.order })}`,
    `     ${command} why demo sales-order ${samples.order}`,
    '',
    `  3. ${both('Từ nay ghi đơn hàng thành hợp đồng, không cần khởi động lại', 'record orders as contracts from now on, no restart')}`,
    `     sed -i 's/recordAs: order/recordAs: contract/' ${tenantFile}`,
    '',
    `  4. ${both('Xử lý một xung đột và một đơn hàng lỗi', 'settle a conflict, mend a failing order')}`,
    `     ${command} conflicts show demo KH-XUNGDOT`,
    `     ${command} conflicts resolve demo KH-XUNGDOT --field phone=crm --field address=accounting`,
    `     ${command} why demo sales-order DH-LOI`,
    `     ${act(sandbox, { system: 'crm', action: 'update', entity: 'Customers', key: 'NV-TRUNG', changes: { account_number: 'KH-DOI-MA' } })}`,
    '',
    `  ${both('Xem tình trạng', 'status')}: ${command} status demo`,
    `  ${both('Dừng', 'stop')}: Ctrl-C`,
  ].join('\n')
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** A customer that is linked and a draft order, by their codes, for the guide's lines. */
export async function demoSamples(sandbox: string): Promise<{ customer: string; order: string }> {
  const rows = async (system: string, entity: string) => {
    const answer = await fetch(`${sandbox}/__sandbox/state?tenant=demo&system=${system}&entity=${entity}&take=2000`)
    return ((await answer.json()) as { items?: Record<string, unknown>[] }).items ?? []
  }
  const [customers, objects, orders] = await Promise.all([
    rows('crm', 'Customers'),
    rows('accounting', 'AccountObjects'),
    rows('crm', 'SaleOrders'),
  ])
  const known = new Set(objects.map((row) => textOf(row['account_object_code'])))
  const plain = (row: Record<string, unknown>) =>
    row['deleted'] !== true && textOf(row['account_number'])?.startsWith('KH-') !== true
  const customer =
    customers.find((row) => plain(row) && known.has(textOf(row['account_number']))) ?? customers.find(plain)
  // A parent order is held: its children travel.
  const order = orders.find(
    (row) => row['deleted'] !== true && row['revenue_status'] === 'Bản nháp' && row['is_parent_sale_order'] !== true,
  )
  return {
    customer: textOf(customer?.['account_number']) ?? 'KH000001',
    order: textOf(order?.['sale_order_no']) ?? 'DH000001',
  }
}
