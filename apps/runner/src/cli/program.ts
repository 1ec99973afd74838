import { Command, CommanderError, Option } from 'commander'
import { readEnvironment } from '../environment.ts'
import { exitCode, formatVersion } from './cli-context.ts'
import type { CliContext, OutputFormat } from './cli-context.ts'
import { fail } from './fail.ts'
import { describeAudit } from './audit-commands.ts'
import { describeFlow } from './flow-commands.ts'
import { describeLookup } from './lookup-commands.ts'
import { describePairing } from './pair-commands.ts'
import { describePlans } from './plan-commands.ts'
import { describeStandardise } from './standardise-commands.ts'
import { chooseLanguage, translator } from './language.ts'
import type { Translate } from './language.ts'
import { checkOutput } from './output-choice.ts'
import type { RunAction } from './run-action.ts'
import { describeTrouble } from './trouble-commands.ts'
import { usageText } from './usage-text.ts'

interface GlobalOptions {
  /** One of `OutputFormat`, or a form that only this command has. */
  readonly output: string
  readonly lang?: string
}

/** Runs one command line and answers its exit code. Modules of a command are loaded when it is called. */
export async function runCli(argv: readonly string[], variables = process.env): Promise<number> {
  let code: number = exitCode.ok
  const spoken = chooseLanguage(argumentAfter(argv, '--lang'), variables)
  const t = translator(spoken)

  const run: RunAction =
    (load) =>
    async (...given) => {
      const command = given.at(-1) as Command
      const options = command.optsWithGlobals<GlobalOptions & Record<string, unknown>>()
      const context = createContext(options, variables)
      try {
        code = await (
          await load()
        )(context, command.processedArgs.filter((one) => one !== undefined) as string[], options)
      } catch (error) {
        code = fail(context, error)
      }
    }

  const program = describe(t, run)
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return code
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return exitCode.ok
    const output = argumentAfter(argv, '--output')
    const { vi, en } = usageText(error)
    process.stderr.write(
      `✖ ${t(vi, en)}\n${t('Xem', 'See')}: amis-sync ${[error.code === 'commander.help' ? '' : (argv[0] ?? ''), '--help'].join(' ').trim()}\n`,
    )
    if (output === 'json' || output === 'jsonl') {
      process.stdout.write(`${JSON.stringify({ formatVersion, error: { code: 'USAGE', vi, en } })}\n`)
    }
    return exitCode.usage
  }
}

function describe(t: Translate, run: RunAction): Command {
  const program = new Command('amis-sync')
    .description(
      t('Đồng bộ AMIS CRM, AMIS Kế toán và AMIS Hệ thống', 'Keeps AMIS CRM, AMIS Accounting and AMIS System in step'),
    )
    .version('0.1.0')
    .addOption(
      new Option('--output <format>', t('dạng kết quả', 'form of the result'))
        .choices(['table', 'json', 'jsonl'])
        .argParser((value) => value)
        .default('table'),
    )
    .addOption(new Option('--lang <language>', t('ngôn ngữ', 'language')).choices(['vi', 'en']))
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .hook('preAction', checkOutput)
  const tenant: [string, string] = [
    '<tenant>',
    t('tên tệp cấu hình của công ty', "name of the company's configuration file"),
  ]

  program
    .command('up')
    .description(
      t(
        'chạy thử: cơ sở dữ liệu nhúng, hệ thống mô phỏng và công ty demo',
        'try it: embedded database, simulated systems, demo company',
      ),
    )
    .option('--once', t('đồng bộ lần đầu, in kết quả rồi thoát', 'first sync, print the result, exit'))
    .action(run(async () => (await import('./commands/up.ts')).up))
  program
    .command('run')
    .description(
      t(
        'chạy thật: đồng bộ mọi tenant, nhận webhook và callback',
        'production: sync all tenants, take webhooks and callbacks',
      ),
    )
    .action(run(async () => (await import('./commands/run.ts')).run))
  program
    .command('connect')
    .argument(...tenant)
    .description(t('kết nối và đồng bộ lần đầu, ba bước', 'connect and sync for the first time, three steps'))
    .action(run(async () => (await import('./commands/connect.ts')).connect))
  program
    .command('sync')
    .argument(...tenant)
    .argument('<entity>', t('loại dữ liệu, ví dụ customer', 'entity type, for example customer'))
    .option('--key <key...>', t('mã các bản ghi', 'codes of the records'))
    .option('--all', t('mọi bản ghi', 'all records'))
    .option(
      '--confirm-missing',
      t('với số liệu: những gì hai lần đọc đều thiếu thì không còn nữa', 'figures: what two readings lack is gone'),
    )
    .option('--from <system>', t('từ hệ thống nào: crm hoặc accounting', 'from which system: crm or accounting'))
    .option('--wait <seconds>', t('chờ nhiều nhất bao nhiêu giây', 'how many seconds to wait at most'), '60')
    .description(t('gửi bản ghi theo yêu cầu', 'send records by hand'))
    .action(run(async () => (await import('./commands/sync.ts')).sync))
  for (const kind of ['pause', 'resume'] as const) {
    program
      .command(kind)
      .argument(...tenant)
      .description(
        kind === 'pause'
          ? t('tạm dừng, thay đổi được xếp hàng', 'pause; changes queue up')
          : t('chạy tiếp sau khi tạm dừng', 'go on after a pause'),
      )
      .action(run(async () => (await import('./commands/pause-resume.ts'))[kind]))
  }
  program
    .command('status')
    .argument('[tenant]')
    .description(t('tình trạng kết nối và số liệu', 'state of the connections and figures'))
    .action(run(async () => (await import('./commands/status.ts')).status))
  program
    .command('links')
    .argument(...tenant)
    .argument('[entity]')
    .option('--limit <n>', t('số dòng nhiều nhất', 'most rows'), '100')
    .option('--after <id>', t('tiếp sau liên kết này', 'go on after this link'))
    .description(t('các bản ghi đã liên kết', 'linked records'))
    .action(run(async () => (await import('./commands/links.ts')).links))
  program
    .command('why')
    .argument(...tenant)
    .argument('<entity>')
    .argument('<key>', t('mã bản ghi', "the record's code"))
    .description(t('vì sao bản ghi này đi hoặc không đi', 'why this record moved or did not'))
    .action(run(async () => (await import('./commands/why.ts')).why))
  describeAudit(program, t, run)
  describeTrouble(program, t, run)
  describeFlow(program, t, run)
  describeLookup(program, t, run)
  describePlans(program, t, run)
  describeStandardise(program, t, run)
  describePairing(program, t, run)
  program
    .command('doctor')
    .argument('[tenant]')
    .description(t('kiểm tra mọi thứ và chỉ cách sửa', 'check everything and say how to mend it'))
    .action(run(async () => (await import('./commands/doctor.ts')).doctor))
  const config = program.command('config').description(t('cấu hình', 'configuration'))
  config
    .command('check')
    .description(t('kiểm tra mọi tệp cấu hình', 'check every configuration file'))
    .action(run(async () => (await import('./commands/config.ts')).configCheck))
  config
    .command('schema')
    .option('--write', t('ghi vào config/schema/tenant.schema.json', 'write config/schema/tenant.schema.json'))
    .description(t('JSON Schema của tệp tenant', 'JSON Schema of the tenant files'))
    .action(run(async () => (await import('./commands/config.ts')).configSchema))
  config
    .command('print')
    .argument('[tenant]')
    .description(
      t('in cấu hình đang có hiệu lực, không kèm bí mật', 'print the configuration in force, without secrets'),
    )
    .action(run(async () => (await import('./commands/config.ts')).configPrint))
  return program
}

function argumentAfter(argv: readonly string[], name: string): string | undefined {
  const index = argv.indexOf(name)
  return index >= 0 ? argv[index + 1] : argv.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1)
}

function createContext(options: GlobalOptions, variables: NodeJS.ProcessEnv): CliContext {
  const language = chooseLanguage(options.lang, variables)
  const output: OutputFormat = options.output === 'json' || options.output === 'jsonl' ? options.output : 'table'
  const abort = new AbortController()
  const stop = () => {
    if (abort.signal.aborted) process.exit(exitCode.failure)
    abort.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return {
    language,
    t: translator(language),
    output,
    env: readEnvironment(variables),
    fancy: process.stderr.isTTY && !variables['NO_COLOR'] && !variables['CI'],
    signal: abort.signal,
    say: (text) => void process.stderr.write(`${text}\n`),
    print: ({ document, rows, table }) => {
      if (output === 'table') process.stdout.write(`${table}\n`)
      else if (output === 'json') process.stdout.write(`${JSON.stringify({ formatVersion, ...document }, null, 2)}\n`)
      else
        for (const row of rows ?? [document])
          process.stdout.write(`${JSON.stringify({ formatVersion, ...(row as object) })}\n`)
    },
  }
}
