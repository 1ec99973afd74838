import { deterministicId } from './deterministic-id.ts'

/** Ten characters that stand for a long id (of a work item, a link, a fingerprint) on a command line. */
export function shortId(...parts: readonly string[]): string {
  return deterministicId('short', ...parts)
    .replaceAll('-', '')
    .slice(0, 10)
}
