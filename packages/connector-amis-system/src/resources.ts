/** The two tables of AMIS System (contract §3, assumed). */
export interface Resource {
  readonly name: string
  /** Behind `/api/v1`. */
  readonly path: string
}

export const resources: readonly Resource[] = [
  { name: 'OrganizationUnits', path: '/organization-units' },
  { name: 'Employees', path: '/employees' },
]

export function findResource(name: string): Resource | undefined {
  return resources.find((resource) => resource.name === name)
}
