import { describe, expect, it } from 'vitest';
import {
  LAMBDAS,
  type LambdaEnvironment,
  readEnvironment,
  writeEnvironment,
} from '../../../lib/adapters/aws/environment.ts';
import { ConfigurationError } from '../../../lib/core/domain/errors.ts';

const SETTINGS: LambdaEnvironment = {
  root: 'cloudtab',
  tableName: 'table',
  busName: 'bus',
  events: 'all',
  groupName: 'group',
  runFunctionArn: 'arn:run',
  runLogGroupName: 'run-lines',
  schedulerRoleArn: 'arn:role',
  deadLetterQueueArn: 'arn:queue',
  limitsId: 'limits-1',
  timezone: 'Europe/Paris',
  retentionDays: 0,
  sweepEverySeconds: 300,
  cronMetrics: false,
  heartbeat: false,
  codeVersion: 'code-1',
  targetOption: '--stack Shop',
  version: '1.2.3',
};

describe('readEnvironment and writeEnvironment', () => {
  it.each(LAMBDAS)(
    'readEnvironment reads the settings that writeEnvironment wrote for the %s Lambda',
    (lambda) => {
      const settings = readEnvironment(lambda, writeEnvironment(lambda, SETTINGS));
      expect(SETTINGS).toMatchObject(settings);
    },
  );

  it('writeEnvironment writes only the settings that the Lambda needs', () => {
    expect(Object.keys(writeEnvironment('admin', SETTINGS)).sort()).toEqual([
      'CLOUDTAB_BUS_NAME',
      'CLOUDTAB_EVENTS',
      'CLOUDTAB_LIMITS_ID',
      'CLOUDTAB_RETENTION_DAYS',
      'CLOUDTAB_ROOT',
      'CLOUDTAB_RUN_FUNCTION_ARN',
      'CLOUDTAB_RUN_LOG_GROUP_NAME',
      'CLOUDTAB_TABLE_NAME',
      'CLOUDTAB_TARGET_OPTION',
      'CLOUDTAB_VERSION',
    ]);
  });

  it('readEnvironment reports a choice that is neither true nor false', () => {
    const variables = { ...writeEnvironment('sync', SETTINGS), CLOUDTAB_HEARTBEAT: 'yes' };
    expect(() => readEnvironment('sync', variables)).toThrow('CLOUDTAB_HEARTBEAT (true or false).');
    expect(readEnvironment('sync', { ...variables, CLOUDTAB_HEARTBEAT: 'true' }).heartbeat).toBe(true);
  });

  it('readEnvironment reports every variable that is missing, empty, not a number or not a choice, with the fix', () => {
    const variables = {
      ...writeEnvironment('registry', SETTINGS),
      CLOUDTAB_ROOT: undefined,
      CLOUDTAB_BUS_NAME: '',
      CLOUDTAB_EVENTS: 'some',
      CLOUDTAB_RETENTION_DAYS: '-1',
    };
    expect(() => readEnvironment('registry', variables)).toThrow(
      new ConfigurationError(
        'The registry Lambda lacks environment variables: CLOUDTAB_ROOT, CLOUDTAB_BUS_NAME, CLOUDTAB_EVENTS (all or failures), ' +
          'CLOUDTAB_RETENTION_DAYS (a whole number). ' +
          'The stack sets them all: deploy it again, or set them on the function.',
      ),
    );
  });
});
