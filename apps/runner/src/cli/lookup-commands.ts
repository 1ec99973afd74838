import type { Command } from 'commander'
import type { Translate } from './language.ts'
import type { RunAction } from './run-action.ts'

/** `lookup stock`, `lookup debt`: what a salesperson asks for (ST2, DE2). */
export function describeLookup(program: Command, t: Translate, run: RunAction): void {
  const tenant: [string, string] = [
    '<tenant>',
    t('tên tệp cấu hình của công ty', "name of the company's configuration file"),
  ]
  const lookup = program.command('lookup').description(t('tra cứu số liệu', 'look figures up'))
  lookup
    .command('stock')
    .argument(...tenant)
    .requiredOption('--product <code>', t('mã hàng, ở CRM hoặc Kế toán', 'product code, of CRM or Accounting'))
    .description(t('tồn kho của một mặt hàng theo từng kho', "a product's stock on hand by warehouse"))
    .action(run(async () => (await import('./commands/lookup.ts')).lookupStock))
  lookup
    .command('debt')
    .argument(...tenant)
    .requiredOption('--customer <code>', t('mã khách hàng, ở CRM hoặc Kế toán', 'customer code, of CRM or Accounting'))
    .description(t('công nợ của một khách hàng theo từng chi nhánh', "a customer's balance by branch"))
    .action(run(async () => (await import('./commands/lookup.ts')).lookupDebt))
}
