import type { CommanderError } from 'commander'
import type { Message } from '@amis-sync/core'

/** What each of commander's refusals is called in Vietnamese. */
const vietnamese: Readonly<Record<string, string>> = {
  'commander.unknownCommand': 'không có lệnh này',
  'commander.unknownOption': 'không có tùy chọn này',
  'commander.missingArgument': 'thiếu tham số',
  'commander.missingMandatoryOptionValue': 'thiếu tùy chọn bắt buộc',
  'commander.optionMissingArgument': 'tùy chọn thiếu giá trị',
  'commander.invalidArgument': 'giá trị không hợp lệ',
  'commander.excessArguments': 'thừa tham số',
  'commander.conflictingOption': 'các tùy chọn không dùng chung được',
}

/** A refusal of the command line in both languages. */
export function usageText(error: CommanderError): Message {
  if (error.code === 'commander.help') return { vi: 'Hãy chọn một lệnh', en: 'Choose a command' }
  const en = error.message.replace(/^error: /, '')
  const vi = vietnamese[error.code]
  const named = /'([^']*)'/.exec(en)?.[0]
  const hint = /Did you mean ([^?)]+)\?/.exec(en)?.[1]
  if (!vi) return { vi: en, en }
  return { vi: `${vi}${named ? `: ${named}` : ''}${hint ? ` (có phải ${hint}?)` : ''}`, en }
}
