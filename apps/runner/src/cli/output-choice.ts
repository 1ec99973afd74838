import type { Command, Option } from 'commander'

function outputOption(command: Command): Option | undefined {
  return command.options.find((option) => option.attributeName() === 'output')
}

/**
 * `--output` may stand before or behind the command, so the program reads it; which forms there are is the command's matter. One that
 * declares its own `--output` has its own choices and default. Throws commander's own refusal.
 */
export function checkOutput(program: Command, command: Command): void {
  const own = outputOption(command)
  const value = program.getOptionValue('output') as string
  if (own && program.getOptionValueSource('output') === 'default') {
    program.setOptionValue('output', own.defaultValue)
    return
  }
  const { flags, argChoices = [] } = (own ?? outputOption(program))!
  if (argChoices.includes(value)) return
  command.error(
    `error: option '${flags}' argument '${value}' is invalid. Allowed choices are ${argChoices.join(', ')}.`,
    { code: 'commander.invalidArgument' },
  )
}
