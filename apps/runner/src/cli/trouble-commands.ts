import type { Command } from 'commander'
import type { Translate } from './language.ts'
import type { RunAction } from './run-action.ts'

/** `conflicts`, `failures`, `waiting`, `blocked`: what stands still, why, and what a person does about it. */
export function describeTrouble(program: Command, t: Translate, run: RunAction): void {
  describeConflicts(program, t, run)
  describeFailures(program, t, run)
  listCommand(program.command('waiting'), t)
    .argument('[entity]', t('loại dữ liệu đang chờ', 'entity type of what waits'))
    .description(t('bản ghi đang chờ gì, vì sao, và cần làm gì', 'what records wait for, why, and what to do'))
    .action(run(async () => (await import('./commands/waiting.ts')).waiting))
  listCommand(program.command('blocked'), t)
    .argument('[entity]', t('loại dữ liệu', 'entity type'))
    .option('--retry', t('gửi lại ngay', 'send again now'))
    .option('--id <id...>', t('chỉ những bản ghi này', 'only these records'))
    .description(t('bản ghi chờ người xử lý ở hệ thống kia', 'records that wait for a person at the other system'))
    .action(run(async () => (await import('./commands/blocked.ts')).blocked))
}

function tenantOf(command: Command, t: Translate): Command {
  return command.argument('<tenant>', t('tên tệp cấu hình của công ty', "name of the company's configuration file"))
}

function listCommand(command: Command, t: Translate): Command {
  return tenantOf(command, t)
    .option('--limit <n>', t('số dòng nhiều nhất', 'most rows'), '50')
    .option('--after <id>', t('tiếp sau dòng này', 'go on after this row'))
}

const byOption = (t: Translate): [string, string] => [
  '--by <name>',
  t('người quyết định; mặc định là người dùng của máy', 'who decides; default: the user of this machine'),
]

function describeConflicts(program: Command, t: Translate, run: RunAction): void {
  const conflicts = listCommand(program.command('conflicts'), t)
    .argument('[entity]', t('loại dữ liệu', 'entity type'))
    .description(t('xung đột đang chờ người quyết định', 'conflicts that a person decides'))
    .action(run(async () => (await import('./commands/conflicts.ts')).conflicts))
  tenantOf(conflicts.command('show'), t)
    .argument('<id>', t('mã xung đột hoặc mã bản ghi', "the conflict's id or the record's code"))
    .description(t('một xung đột với mọi chi tiết', 'one conflict in full'))
    .action(run(async () => (await import('./commands/conflicts.ts')).showConflict))
  tenantOf(conflicts.command('resolve'), t)
    .argument('[id]', t('mã xung đột hoặc mã bản ghi', "the conflict's id or the record's code"))
    .option('--side <system>', t('lấy mọi giá trị của bên này', "take all of this side's values"))
    .option('--field <field=system...>', t('từng trường lấy của bên nào', 'whose value a field takes'))
    .option('--value <field=value...>', t('giá trị khác cho cả hai bên', 'another value, for both sides'))
    .option('--same', t('hai bản ghi trùng mã là một', 'two records of one code are the same thing'))
    .option('--different', t('hai bản ghi trùng mã là hai đối tượng', 'two records of one code are two things'))
    .option('--with <code>', t('bản ghi nào ở bên kia, khi có nhiều', 'which record at the other side, of several'))
    .option('--all', t('mọi xung đột (với --side)', 'all conflicts (with --side)'))
    .option('--entity <entity>', t('với --all: chỉ loại này', 'with --all: only this type'))
    .option(...byOption(t))
    .description(t('quyết định một xung đột', 'decide a conflict'))
    .action(run(async () => (await import('./commands/resolve-conflict.ts')).resolveConflict))
}

function describeFailures(program: Command, t: Translate, run: RunAction): void {
  const failures = tenantOf(program.command('failures'), t)
    .option('--entity <entity>', t('chỉ loại này', 'only this type'))
    .option('--code <code>', t('chỉ mã lỗi này', 'only this error code'))
    .description(t('lỗi, gom theo nguyên nhân', 'failures, grouped by cause'))
    .action(run(async () => (await import('./commands/failures.ts')).failures))
  listCommand(failures.command('show'), t)
    .argument('<fingerprint>', t('mã nhóm lỗi', 'id of the group'))
    .description(t('các bản ghi của một nhóm lỗi', 'the records of a group'))
    .action(run(async () => (await import('./commands/failures.ts')).showFailures))
  tenantOf(failures.command('retry'), t)
    .option('--id <id...>', t('những bản ghi này', 'these records'))
    .option('--fingerprint <id>', t('một nhóm lỗi', 'one group'))
    .option('--all', t('mọi lỗi', 'all failures'))
    .description(t('thử lại ngay', 'try again now'))
    .action(run(async () => (await import('./commands/failure-actions.ts')).retryFailures))
  tenantOf(failures.command('edit'), t)
    .argument('<id>', t('mã lỗi hoặc mã bản ghi', "the failure's id or the record's code"))
    .option('--set <field=value...>', t('giá trị thay thế cho bên kia', 'value that the other side is given instead'))
    .option(...byOption(t))
    .description(
      t(
        'cho bên kia giá trị khác, đến khi nguồn sửa trường đó',
        'give the other side another value, until the source changes the field',
      ),
    )
    .action(run(async () => (await import('./commands/failure-actions.ts')).editFailure))
}
