import type { CliContext } from './cli-context.ts'

/** What a command does; answers its exit code. */
export type Action = (
  context: CliContext,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
) => Promise<number>

/** Makes commander's handler of an action, whose module is loaded when it is called. */
export type RunAction = (load: () => Promise<Action>) => (...given: unknown[]) => Promise<void>
