// The dependency walls of design §2. CI runs them (tools/checks/src/lint.mjs).
const tests = '\\.(test|fixture)\\.ts$|/(testing|fixtures)/'
/** A package may always reach itself. */
const within = (folder, allowed, comment) => ({
  name: `${folder.replace(/[^a-z-]/g, '')}-walls`,
  comment,
  severity: 'error',
  from: { path: `^(${folder})/`, pathNot: tests },
  to: { path: '^(packages|apps|tools|test)/', pathNot: ['^$1/', ...allowed.map((one) => `^${one}/`)] },
})

export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    within('packages/core', [], 'core imports no other package of ours'),
    within('packages/engine', ['packages/core'], 'the engine knows only contracts and ports'),
    within(
      'packages/entity-[^/]+',
      ['packages/core', 'packages/amis-documents'],
      'an entity knows neither other entities nor connectors',
    ),
    within('packages/amis-documents', ['packages/core'], 'parts of entities know contracts only'),
    within(
      'packages/connector-[^/]+',
      ['packages/core', 'packages/http-client'],
      'a connector knows contracts and transport',
    ),
    within('packages/http-client', ['packages/core'], 'the transport knows contracts'),
    within('packages/(?:store|scheduler)-[^/]+', ['packages/core'], 'adapters know ports'),
    within('packages/embedded-mongodb', [], 'the embedded database is a server of its own'),
    within('packages/testkit', ['packages/core', 'packages/engine'], 'the test kit works on contracts'),
    within('apps/sandbox', [], 'the sandbox is an independent peer'),
    within('apps/runner', ['packages', 'apps/sandbox'], 'the runner composes everything but the test kit'),
    {
      name: 'no-testkit-in-runner',
      severity: 'error',
      from: { path: '^apps/runner/', pathNot: tests },
      to: { path: '^packages/testkit/' },
    },
    {
      name: 'inversify-in-containers-only',
      severity: 'error',
      from: { path: '^(packages|apps|tools|test)/', pathNot: '^packages/core/src/container/|^apps/runner/' },
      to: { path: 'node_modules/inversify' },
    },
    {
      name: 'core-third-parties',
      severity: 'error',
      from: { path: '^packages/core/src/', pathNot: tests },
      to: {
        path: 'node_modules',
        pathNot: 'node_modules/(@types/)?(zod|inversify|@inversifyjs|big\\.js|reflect-metadata)',
      },
    },
    {
      name: 'no-io-in-the-pure-parts',
      severity: 'error',
      from: { path: '^packages/(core|engine|entity-[^/]+|amis-documents)/src/', pathNot: tests },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    tsConfig: { fileName: 'tsconfig.base.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { conditionNames: ['@amis-sync/source', 'import', 'default'], exportsFields: ['exports'] },
  },
}
