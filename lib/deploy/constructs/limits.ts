/**
 * What runners may reach, as an item of the table that setup writes before the other Lambdas are created or updated: they
 * depend on it by its id, which changes with its content.
 */
import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { RESOURCE_TYPES } from '../../adapters/aws/custom-resource.ts';
import type { LimitsBySite } from '../../core/domain/site-limits.ts';
import type { SetupFunction } from './setup-function.ts';
import type { StateTable } from './state-table.ts';

export interface LimitsProps {
  readonly setup: SetupFunction;
  readonly table: StateTable;
  /**
   * By site, for example
   * `{ '*': { allowedHosts: ['api.example.com'] }, payroll: { allowedUsers: ['payroll-*'] } }`.
   */
  readonly limits: LimitsBySite;
}

export class Limits extends Construct {
  /** Names the item. */
  readonly limitsId: string;

  constructor(scope: Construct, id: string, { setup, table, limits }: LimitsProps) {
    super(scope, id);
    const resource = new CustomResource(this, 'Resource', {
      resourceType: RESOURCE_TYPES.limits,
      serviceToken: setup.functionArn,
      serviceTimeout: Duration.minutes(3),
      properties: {
        // As text, because CloudFormation makes a text of each boolean in an object.
        limits: Stack.of(this).toJsonString(limits),
        // Another table lacks the item.
        table: table.table.tableName,
      },
    });
    resource.node.addDependency(setup);
    this.limitsId = resource.ref;
  }
}
