import type { Command } from 'commander'
import type { Translate } from './language.ts'
import type { RunAction } from './run-action.ts'

/** `standardise`: what may be the same thing on both sides is found, looked at, linked or created (CU6, PR4, PG4). */
export function describeStandardise(program: Command, t: Translate, run: RunAction): void {
  const load = async () => import('./commands/standardise.ts')
  const standardise = about(program.command('standardise'), t)
    .option('--from <system>', t('bên đã dùng trước', 'the side that was used first'), 'accounting')
    .description(
      t(
        'chuẩn hóa dữ liệu: so khớp hai bên, chưa ghi gì',
        'standardise records: match both sides; nothing is written yet',
      ),
    )
    .action(run(async () => (await load()).standardise))
  about(standardise.command('review'), t)
    .option(
      '--band <band>',
      t('mức: link, ask, duplicate hoặc rejected', 'band: link, ask, duplicate or rejected'),
      'ask',
    )
    .option('--limit <n>', t('số cặp nhiều nhất', 'most pairs'), '50')
    .option('--after <id>', t('tiếp sau cặp này', 'go on after this pair'))
    .description(t('xem các cặp được gợi ý, hai bên cạnh nhau', 'the suggested pairs, side by side'))
    .action(run(async () => (await load()).review))
  pairs(about(standardise.command('accept'), t), t)
    .option('--band <band>', t('mọi cặp của mức này: link hoặc ask', 'all pairs of this band: link or ask'))
    .option('--field <field=system...>', t('từng trường lấy của bên nào', 'whose value a field takes'))
    .option('--prefer <system>', t('các trường khác nhau lấy của bên này', 'whose values hold where they differ'))
    .description(t('liên kết các cặp được gợi ý', 'link suggested pairs'))
    .action(run(async () => (await load()).accept))
  pairs(about(standardise.command('reject'), t), t)
    .description(t('hai đối tượng khác nhau, không gợi ý nữa', 'two different things, never suggested again'))
    .action(run(async () => (await load()).reject))
  pairs(about(standardise.command('undo'), t), t)
    .description(t('bỏ quyết định: tách cặp, hoặc bỏ từ chối', 'take a decision back: part a pair, forget a rejection'))
    .action(run(async () => (await load()).undo))
  about(standardise.command('create'), t)
    .option('--from <system>', t('bên có bản ghi', 'the side that has them'), 'accounting')
    .option('--key <key...>', t('chỉ các mã này', 'only these codes'))
    .description(
      t('tạo ở bên kia những bản ghi chưa có ở đó', 'create at the other side what has no counterpart there'),
    )
    .action(run(async () => (await load()).create))
}

function about(command: Command, t: Translate): Command {
  return command
    .argument('<tenant>', t('tên tệp cấu hình của công ty', "name of the company's configuration file"))
    .argument('<entity>', t('loại dữ liệu, ví dụ customer', 'entity type, for example customer'))
}

function pairs(command: Command, t: Translate): Command {
  return command
    .option('--pair <pair...>', t('mã cặp, hoặc MÃ-BÊN-1=MÃ-BÊN-2', "a pair's id, or CODE-SIDE-1=CODE-SIDE-2"))
    .option('--by <name>', t('người quyết định; mặc định là người dùng của máy', 'who decides; default: this user'))
}
