/**
 * The folder table of the design, as lint: which folder may import which.
 * A rule names a folder and everything it may NOT reach.
 * @type {import('dependency-cruiser').IConfiguration}
 */
const only = (folder, allowed, comment) => ({
  name: `${folder}-boundary`,
  comment,
  severity: 'error',
  from: { path: `^${folder}/` },
  to: { path: '^(audit|electron|models|renderer|test|trainer)/', pathNot: allowed },
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolvable',
      comment: 'what a bench compares with is installed by the bench, in the cache folder',
      severity: 'error',
      from: { pathNot: '^test/bench/brush/cornerstone-page/' },
      to: { couldNotResolve: true },
    },
    only('models', '^models/', 'models/ stands alone'),
    only('trainer', '^(trainer|models)/', 'the trainer knows only a sample set and a run folder'),
    only(
      'audit',
      '^(audit|models)/|^trainer/(channel|messages)[.]ts$',
      'audit/ sees the trainer as a process: its messages and their channel, nothing else',
    ),
    only(
      'electron',
      '^(electron|audit)/|^trainer/setup/(command|lock|progress|unpack)[.]ts$',
      'the shell hosts the audit; fetching Electron uses the tools that fetch TensorFlow',
    ),
    only('renderer', '^renderer/|^audit/contract/', 'the interface knows the contract alone'),
    {
      name: 'interface-tiers',
      comment: 'shared parts know no other, viewer, tools and charts know no screen',
      severity: 'error',
      from: { path: '^renderer/(shared|charts|viewer|tools)/' },
      to: { path: '^renderer/(start|review|train|insights|benchmark|settings)/' },
    },
    {
      name: 'interface-shared',
      severity: 'error',
      from: { path: '^renderer/shared/' },
      to: { path: '^renderer/(charts|viewer|tools)/' },
    },
    {
      name: 'contract-is-pure',
      comment: 'audit/contract runs in a browser: zod, the trainer’s messages and nothing of Node',
      severity: 'error',
      from: { path: '^audit/contract/' },
      to: { pathNot: '^audit/contract/|^trainer/messages[.]ts$|node_modules/zod/' },
    },
    {
      name: 'formats-apart',
      comment: 'what two formats share lies in datasets/{masks,tree,json,import,export}',
      severity: 'error',
      from: { path: '^audit/datasets/formats/([^/]+)/' },
      to: { path: '^audit/datasets/formats/', pathNot: '^audit/datasets/formats/$1/' },
    },
    {
      name: 'formats-on-top',
      comment: 'only the registry knows which formats there are',
      severity: 'error',
      from: {
        path: '^(audit|electron|trainer)/',
        pathNot: '^audit/datasets/(formats/|registry[.]ts$)',
      },
      to: { path: '^audit/datasets/formats/' },
    },
    {
      name: 'codecs-below-datasets',
      severity: 'error',
      from: { path: '^audit/codecs/' },
      to: { path: '^audit/datasets/' },
    },
    {
      name: 'store-below-datasets',
      severity: 'error',
      from: { path: '^audit/store/' },
      to: { path: '^audit/datasets/' },
    },
    {
      name: 'models-packages',
      comment: 'models/ uses tfjs for types only',
      severity: 'error',
      from: { path: '^models/' },
      to: { path: 'node_modules/@tensorflow/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'tensorflow-stays-in-the-trainer',
      severity: 'error',
      from: { path: '^(audit|electron|renderer)/' },
      to: { path: 'node_modules/(@tensorflow|webgpu)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.cts', '.svelte', '.js', '.mjs', '.cjs', '.json', '.css'],
      // Packages of the module kind alone, and their parts, are named in `exports`.
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'import', 'node', 'default'],
    },
  },
};
