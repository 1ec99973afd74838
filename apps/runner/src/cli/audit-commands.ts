import type { Command } from 'commander'
import type { Translate } from './language.ts'
import type { RunAction } from './run-action.ts'

/** `audit` and `disconnect`: the full compare, and the way out (design §4 Audit, C11). */
export function describeAudit(program: Command, t: Translate, run: RunAction): void {
  const tenant: [string, string] = [
    '<tenant>',
    t('tên tệp cấu hình của công ty', "name of the company's configuration file"),
  ]
  program
    .command('audit')
    .argument(...tenant)
    .argument('[entity]', t('chỉ một loại dữ liệu', 'one entity type only'))
    .option('--last', t('chỉ xem kết quả lần gần nhất', 'only show what the latest one found'))
    .option(
      '--confirm-deletions',
      t('xác nhận các bản ghi bị giữ lại là đã xóa', 'the records that were held back are deleted indeed'),
    )
    .description(
      t(
        'đối chiếu toàn bộ hai bên, sửa chênh lệch theo quy tắc',
        'compare both sides in full, repair drift by the rules',
      ),
    )
    .action(run(async () => (await import('./commands/audit.ts')).audit))
  program
    .command('disconnect')
    .argument(...tenant)
    .description(
      t(
        'ngắt kết nối; liên kết được giữ, connect sẽ nối lại không trùng',
        'disconnect; links stay, connect goes on without doubles',
      ),
    )
    .action(run(async () => (await import('./commands/pause-resume.ts')).disconnect))
}
