/** The permissions of a role for lists of any length, in statements that fit into the policies of IAM. */
import { Stack } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { textBytes } from './environment-size.ts';
import { allow } from './permission.ts';

/** IAM accepts 6,144 characters of a managed policy, into which the CDK moves statements that do not fit into the role's own. */
const STATEMENT_CHARACTERS = 5_500;

/** IAM accepts 10,240 characters of the role's own policies, and ten managed ones. */
const MAX_CHARACTERS = 50_000;

const PREFIX = 'The deployment itself chose this prefix of names.';

/** Allows the actions on the resources. `name` begins the ids of the statements, so that the CDK does not merge them. */
export function allowListed(
  role: Role,
  name: string,
  actions: readonly string[],
  resources: readonly string[],
): void {
  const statements: string[][] = [];
  let characters = STATEMENT_CHARACTERS;
  for (const resource of resources) {
    characters += charactersOf(role, resource);
    if (characters > STATEMENT_CHARACTERS) {
      statements.push([]);
      characters = charactersOf(role, resource);
    }
    statements.at(-1)?.push(resource);
  }
  statements.forEach((part, index) => {
    allow(role, { actions, resources: part, wildcard: PREFIX, sid: `${name}${index + 1}` });
  });
}

/** The problem of lists that fit into no policies of a role. */
export function listProblems(role: Role, resources: readonly string[]): string[] {
  const all = resources.reduce((sum, resource) => sum + charactersOf(role, resource), 0);
  if (all <= MAX_CHARACTERS) return [];
  return [
    `limits: got ${resources.length} functions and users, some ${all} characters in the policies of a role, wanted ` +
      `${MAX_CHARACTERS} at most, which IAM accepts. Use prefixes such as reports-*.`,
  ];
}

/** With quotes and a comma. */
function charactersOf(role: Role, resource: string): number {
  return textBytes(Stack.of(role).resolve(resource)) + 3;
}
