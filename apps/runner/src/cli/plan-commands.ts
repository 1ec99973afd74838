import { type Command, Option } from 'commander'
import type { Translate } from './language.ts'
import type { RunAction } from './run-action.ts'

/** `plan` and `apply`: what would be done, and doing exactly that (C9). */
export function describePlans(program: Command, t: Translate, run: RunAction): void {
  program
    .command('plan')
    .argument('<tenant>', t('tên tệp cấu hình của công ty', "name of the company's configuration file"))
    .addOption(
      new Option('--step <n>', t('chỉ một bước của lần đồng bộ đầu', 'one step of the first sync only'))
        .choices(['1', '2', '3'])
        .conflicts('entity'),
    )
    .option('--entity <id>', t('chỉ một loại dữ liệu', 'one entity type only'))
    .option('--out <file>', t('xuất kế hoạch ra tệp, dùng cho lệnh apply', 'export the plan to a file, for apply'))
    .addOption(
      new Option('--show <plan>', t('xem lại kế hoạch đã lưu', 'show a plan that is stored')).conflicts([
        'step',
        'entity',
      ]),
    )
    .description(
      t(
        'xem trước sẽ tạo, liên kết, cập nhật, bỏ qua gì; không ghi gì',
        'see what would be created, linked, updated, skipped; writes nothing',
      ),
    )
    .action(run(async () => (await import('./commands/plan.ts')).plan))
  program
    .command('apply')
    .argument(
      '<file-or-tenant>',
      t('tệp kế hoạch; hoặc tên công ty, kèm mã kế hoạch', 'plan file; or the company, with a plan id'),
    )
    .argument('[plan]', t('mã kế hoạch đã lưu', 'id of a stored plan'))
    .option(
      '--accept-moved',
      t(
        'ghi cả bản ghi đã đổi từ khi lập kế hoạch, theo tình trạng mới',
        'write records that changed since, too, as they are now',
      ),
    )
    .description(t('thực hiện đúng kế hoạch, hoặc từ chối', 'do exactly what a plan says, or refuse'))
    .action(run(async () => (await import('./commands/apply.ts')).apply))
}
