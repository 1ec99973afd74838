export { createAgendaScheduler } from './create-agenda-scheduler.ts'
export type { AgendaSchedulerOptions } from './create-agenda-scheduler.ts'
