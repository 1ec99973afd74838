import type { FlowArrowKind, FlowPicture } from '@amis-sync/engine'
import type { Language } from '../cli/language.ts'
import { arrowNote, arrowTexts, inLanguage, modeNote, systemName } from './flow-text.ts'

/** How each kind is drawn: Mermaid's solid, thick and dotted lines, and one that ends in a ring. */
const lines: Readonly<Record<FlowArrowKind, string>> = {
  'made-from': '--o',
  'taken-over': '-->',
  'updated-automatically': '==>',
  'updated-back': '-.->',
}

/** The picture as a Mermaid flowchart, as GitHub, GitLab and many editors draw it. */
export function flowMermaid(picture: FlowPicture, language: Language): string {
  const node = (system: string, entity: string) => `${system}__${entity}`.replace(/[^A-Za-z0-9_]/g, '_')
  const text = (value: string) => `"${value.replaceAll('#', '#35;').replaceAll('"', '#quot;')}"`
  const boxes = picture.systems.flatMap(({ id }) => [
    `  subgraph ${node('s', id)}[${text(systemName(picture, id, language))}]`,
    ...picture.entities
      .filter(({ sides }) => sides.includes(id))
      .map((entity) => {
        const mode = modeNote(entity, id, language)
        const name = inLanguage(entity.labels, language)
        return `    ${node(id, entity.id)}[${text(mode === undefined ? name : `${name} (${mode})`)}]`
      }),
    '  end',
  ])
  const arrows = picture.arrows.map((arrow) => {
    const { kind, from, to } = arrow
    const note = arrowNote(picture, arrow, language)
    const label = `${inLanguage(arrowTexts[kind].name, language)}${note === '' ? '' : `: ${note}`}`
    return `  ${node(from.system, from.entity)} ${lines[kind]}|${text(label)}| ${node(to.system, to.entity)}`
  })
  return ['flowchart LR', ...boxes, ...arrows].join('\n')
}
