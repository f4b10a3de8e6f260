import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../../lib/surfaces/cli/main.ts';
import { describedStack, runSettings } from '../../support/described-deployment.ts';

const cloudFormation = mockClient(CloudFormationClient);
const lambda = mockClient(LambdaClient);
const dynamo = mockClient(DynamoDBDocumentClient);

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  cloudFormation.on(DescribeStacksCommand).resolves(describedStack());
  lambda.on(GetFunctionConfigurationCommand).resolves(runSettings());
  dynamo.on(GetCommand).resolves({});
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('cloudtab open', () => {
  it('cloudtab open prints an address with a one-time token and serves until it is stopped', async () => {
    let out = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      out += text;
      return true;
    });
    const ended = main(['open', '--stack', 'Cloudtab', '--no-browser']);
    await vi.waitFor(() => expect(out).toMatch(/^ {2}http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}$/m), 5000);
    process.emit('SIGTERM', 'SIGTERM');
    expect(await ended).toBe(0);
    expect(out).toMatch(
      /^The dashboard of the stack Cloudtab, signed with your credentials, for one browser and until Ctrl-C:/,
    );
  });

  it('cloudtab open --json prints the address of one site as JSON', async () => {
    let out = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      out += text;
      return true;
    });
    const ended = main(['open', '--stack', 'Cloudtab', '--site', 'shop', '--json']);
    await vi.waitFor(() => expect(out).not.toBe(''), 5000);
    process.emit('SIGTERM', 'SIGTERM');
    expect(await ended).toBe(0);
    expect(JSON.parse(out)).toEqual({
      name: 'the stack Cloudtab',
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/sites\/shop\?token=[\w-]{32}$/),
    });
  });

  it('cloudtab open rejects a port that is not a number, and succeeds where no browser can be started', async () => {
    let err = '';
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      err += text;
      return true;
    });
    expect(await main(['open', '--stack', 'Cloudtab', '--port', 'http'])).toBe(1);
    expect(err).toMatch(/^cloudtab: --port: got "http"/);
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    vi.stubEnv('PATH', '/nowhere');
    const ended = main(['open', '--stack', 'Cloudtab']);
    await vi.waitFor(() => expect(write).toHaveBeenCalled(), 5000);
    process.emit('SIGTERM', 'SIGTERM');
    expect(await ended).toBe(0);
  });
});
