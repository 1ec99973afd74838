import { type Command, Option } from 'commander'
import type { Translate } from './language.ts'
import type { RunAction } from './run-action.ts'

/** `flow TENANT`: the business-flow picture (FL1). It has forms of its own besides those that every command has. */
export function describeFlow(program: Command, t: Translate, run: RunAction): void {
  program
    .command('flow')
    .argument('<tenant>', t('tên tệp cấu hình của công ty', "name of the company's configuration file"))
    .addOption(
      new Option('--output <format>', t('dạng sơ đồ', 'form of the picture'))
        .choices(['table', 'svg', 'mermaid', 'json', 'jsonl'])
        .default('table'),
    )
    .description(
      t(
        'sơ đồ luồng nghiệp vụ giữa các hệ thống của công ty',
        "the picture of what flows between the company's systems",
      ),
    )
    .action(run(async () => (await import('./commands/flow.ts')).flow))
}
