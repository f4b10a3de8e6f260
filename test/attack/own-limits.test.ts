/** Code of a run, or a function that handles input of users, that wants to reach more than the deployment allows. */
import { describe, expect, it } from 'vitest';
import { Cloudtab } from '../../lib/deploy/constructs/cloudtab.ts';
import { environmentOf, permissionsOf, smallStack } from '../deploy/constructs/small-stack.ts';

const limits = { shop: { allowedHosts: ['api.example.com'] } };
const cloudtab = new Cloudtab(smallStack(), 'Cloudtab', { limits });
const { registryFunction, runFunction, syncFunction, adminFunction } = cloudtab;

describe.each(Object.entries({ registryFunction, runFunction, syncFunction, adminFunction }))(
  'The %s does not change what runners may reach',
  (_, lambda) => {
    it.each(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'])(
      'because its role is denied %s on these items, whatever else it is given',
      (operation) => {
        const denials = permissionsOf(lambda.role).filter((line) =>
          line.startsWith(`Deny dynamodb:${operation} `),
        );
        expect(denials).toEqual([expect.stringContaining('"dynamodb:LeadingKeys":["#access","#limits"]')]);
      },
    );

    it('and its environment, which who may read its configuration sees, does not contain it', () => {
      expect(JSON.stringify(environmentOf(lambda))).not.toContain('api.example.com');
    });
  },
);
