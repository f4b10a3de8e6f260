/** Generates the files of a new project, apart from its runner. */
import { pascalCase } from './new-name.ts';

/** The version of each package that a project depends on. */
export interface ProjectVersions {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  /** The versions of Node that run it. */
  readonly node: string;
}

export interface ProjectTemplate {
  readonly name: string;
  /** The name of its runner. */
  readonly runner: string;
  /** The IANA time zone of its crontab. */
  readonly timezone: string;
  readonly versions: ProjectVersions;
}

const PROFILE = 'profiles/default.yaml';

/** The texts of the files by their paths. */
export function projectFiles(project: ProjectTemplate): Record<string, string> {
  return {
    'package.json': packageText(project),
    'tsconfig.json': TSCONFIG,
    'cdk.json': '{ "app": "node app.ts" }\n',
    '.gitignore': 'node_modules/\ncdk.out/\n.cloudtab/\n',
    'app.ts': appText(project),
    [PROFILE]: profileText(project),
    'README.md': readmeText(project),
  };
}

function packageText({ name, versions: { node, ...packages } }: ProjectTemplate): string {
  const manifest = {
    name,
    private: true,
    type: 'module',
    engines: { node },
    scripts: { start: `cloudtab start --profile ${PROFILE}`, test: 'node --test', types: 'tsc' },
    ...packages,
    // npm names each package whose install script it does not run.
    allowScripts: { esbuild: true },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Node itself runs the files: it removes types, and knows no syntax that needs more. */
const TSCONFIG = `{
  "compilerOptions": {
    "target": "es2024",
    "lib": ["es2024", "esnext.disposable"],
    "module": "nodenext",
    "types": ["node"],
    "strict": true,
    "verbatimModuleSyntax": true,
    "erasableSyntaxOnly": true,
    "allowImportingTsExtensions": true,
    "noEmit": true,
    "skipLibCheck": true
  },
  "exclude": ["node_modules", "cdk.out"]
}
`;

function appText({ name }: ProjectTemplate): string {
  return `/** The AWS deployment of this project: npx cdk deploy */
import { App } from 'aws-cdk-lib';
import { CloudtabStack } from 'cloudtab/cdk';

const app = new App();
new CloudtabStack(app, '${pascalCase(name)}', {
  runners: 'runners',
  profiles: { default: '${PROFILE}' },
});
`;
}

function profileText({ runner, timezone }: ProjectTemplate): string {
  return `# yaml-language-server: $schema=../node_modules/cloudtab/lib/app/profiles/profile.schema.json
crontab:
  timezone: ${timezone}
crons:
  - uid: ${runner}
    name: ${runner}   # the runner: runners/${runner}.ts
    periodicity: "* * * * *"
    environ:
      who: world
`;
}

function readmeText({ name, runner }: ProjectTemplate): string {
  const stack = pascalCase(name);
  return `# ${name}

\`\`\`sh
npm install && npm start    # runs the crontab on this computer, and prints the address of its dashboard
npx cdk deploy              # deploys it to AWS; before that, once for each account and region: npx cdk bootstrap
\`\`\`

| | |
|---|---|
| \`profiles/default.yaml\` | the crons: applied by each deployment, and by the first \`npm start\` |
| \`runners/${runner}.ts\` | a runner: the code of crons with its name |
| \`test/\` | the tests of the runners: \`npm test\` |
| \`app.ts\` | the CDK app |

The local crontab is in the folder \`.cloudtab\`. \`npx cloudtab apply ${PROFILE}\` applies later changes of the
profile to it. \`npx cloudtab init my-job\` writes another runner and its test. \`npm run types\` checks the types.

\`npx cloudtab ls\` lists the crons of this computer, and \`npx cloudtab ls --stack ${stack}\` those on AWS.
`;
}
