/**
 * Makes a lint rule: of the project's own files, those in `folder` may import only what matches
 * `allowed`.
 * @type {import('dependency-cruiser').IConfiguration}
 */
const only = (folder, allowed, comment) => ({
  name: `${folder}-boundary`,
  comment,
  severity: 'error',
  from: { path: `^${folder}/` },
  to: { path: '^(audit|electron|models|renderer|test|trainer)/', pathNot: allowed },
});

/**
 * The folders of audit/ in floors, the lowest first. A folder may import only its own files, folders on
 * lower floors, and the files directly in audit/.
 */
const FLOORS = [
  ['contract', 'imaging', 'log', 'processes'],
  ['codecs', 'store'],
  ['datasets', 'damage'],
  ['archive', 'phantoms', 'samples', 'review'],
  ['scoring'],
  ['ranking'],
  ['training'],
  ['report'],
  ['benchmark', 'demo'],
  ['server'],
  ['cli'],
];

const floorRules = FLOORS.flatMap((folders, floor) => {
  const below = FLOORS.slice(0, floor).flat();
  return folders.map((folder) => {
    const allowed = [`^audit/(${[folder, ...below].join('|')})/`, '^audit/[^/]+$'];
    return {
      name: `audit-floor-${folder}`,
      comment: `audit/${folder} imports only what lies on a lower floor of audit/`,
      severity: 'error',
      from: { path: `^audit/${folder}/` },
      to: { path: '^audit/', pathNot: allowed },
    };
  });
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolvable',
      comment: 'the bench itself installs the packages that it compares with, in the cache folder',
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
      '^(electron|audit)/|^models/folders[.]ts$|^trainer/setup/(command|lock|progress|unpack)[.]ts$',
      'electron/ starts the audit, and downloads Electron with the tools that download TensorFlow',
    ),
    only('renderer', '^renderer/|^audit/contract/', 'the interface knows the contract alone'),
    // The tiers of the interface (renderer/README.md), the lowest first: no tier imports a higher one.
    {
      name: 'interface-shared',
      comment: 'shared parts know no other folder of the interface',
      severity: 'error',
      from: { path: '^renderer/shared/' },
      to: { path: '^renderer/', pathNot: '^renderer/shared/' },
    },
    {
      name: 'interface-drawing',
      comment: 'drawing works on masks; it knows neither the case nor the screens',
      severity: 'error',
      from: { path: '^renderer/drawing/' },
      to: { path: '^renderer/', pathNot: '^renderer/(shared|drawing)/' },
    },
    {
      name: 'interface-charts',
      severity: 'error',
      from: { path: '^renderer/charts/' },
      to: { path: '^renderer/', pathNot: '^renderer/(shared|charts)/' },
    },
    {
      name: 'interface-case',
      severity: 'error',
      from: { path: '^renderer/case/' },
      to: { path: '^renderer/', pathNot: '^renderer/(shared|drawing|case)/' },
    },
    {
      name: 'interface-viewer',
      comment: 'the viewer shows a case and knows no screen',
      severity: 'error',
      from: { path: '^renderer/viewer/' },
      to: { path: '^renderer/', pathNot: '^renderer/(shared|drawing|case|viewer)/' },
    },
    {
      name: 'contract-is-pure',
      comment: 'audit/contract runs in a browser: zod, the trainer’s messages and nothing of Node',
      severity: 'error',
      from: { path: '^audit/contract/' },
      to: { pathNot: '^audit/contract/|^trainer/messages[.]ts$|node_modules/zod/' },
    },
    ...floorRules,
    {
      name: 'audit-floor-named',
      comment: 'every folder of audit/ has a floor',
      severity: 'error',
      from: { path: '^audit/', pathNot: `^audit/(${FLOORS.flat().join('|')})/|^audit/[^/]+$` },
      to: {},
    },
    {
      name: 'audit-floor-ground',
      comment: 'the files of audit/ itself lie below its folders, but for the contract',
      severity: 'error',
      from: { path: '^audit/[^/]+$' },
      to: { path: '^audit/[^/]+/', pathNot: '^audit/contract/' },
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
      // Packages that are ES modules only, and subpaths of packages, are found through `exports`.
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'import', 'node', 'default'],
    },
  },
};
