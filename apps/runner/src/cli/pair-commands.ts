import type { Command } from 'commander'
import type { Translate } from './language.ts'
import type { RunAction } from './run-action.ts'

/** `pair`: organisation units of System and of Accounting, side by side (C1, C2). */
export function describePairing(program: Command, t: Translate, run: RunAction): void {
  program
    .command('pair')
    .argument('<tenant>', t('tên tệp cấu hình của công ty', "name of the company's configuration file"))
    .option('--set <pair...>', t('ghép MÃ-HỆ-THỐNG=MÃ-KẾ-TOÁN', 'pair SYSTEM-CODE=ACCOUNTING-CODE'))
    .option('--accept-suggestions', t('ghép mọi cặp được gợi ý chắc chắn', 'pair all suggestions that are sure'))
    .option('--undo <pair...>', t('bỏ ghép MÃ-HỆ-THỐNG=MÃ-KẾ-TOÁN', 'part SYSTEM-CODE=ACCOUNTING-CODE'))
    .option('--by <name>', t('người quyết định; mặc định là người dùng của máy', 'who decides; default: this user'))
    .description(
      t(
        'ghép cơ cấu tổ chức của AMIS Hệ thống với AMIS Kế toán',
        'pair organisation units of AMIS System with those of AMIS Accounting',
      ),
    )
    .action(run(async () => (await import('./commands/pair.ts')).pair))
}
