import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { main } from '../../../lib/surfaces/cli/main.ts';
import { describedStack, runSettings } from '../../support/described-deployment.ts';
import { fakeBrowser } from '../../support/fake-browser.ts';

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

/** Starts the command, whose output is captured. */
function open(...options: string[]) {
  let out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += text;
    return true;
  });
  const ended = main(['open', '--stack', 'Cloudtab', ...options]);
  const printed = (text: RegExp) =>
    vi.waitFor(() => text.exec(out) ?? expect.fail(`It printed: ${out}`), 5000);
  return { ended, printed };
}

describe('cloudtab open', () => {
  it('cloudtab open --no-browser prints a secret address and serves the dashboard there until it is stopped', async () => {
    const { ended, printed } = open('--no-browser');
    const [url = ''] = await printed(/http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\/$/m);
    expect((await fetch(new URL('/', url))).status).toBe(404);
    process.emit('SIGTERM', 'SIGTERM');
    expect(await ended).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('cloudtab open --json prints the address of one site as JSON', async () => {
    const { ended, printed } = open('--site', 'shop', '--json');
    const [text = ''] = await printed(/.+/);
    process.emit('SIGTERM', 'SIGTERM');
    expect(await ended).toBe(0);
    expect(JSON.parse(text)).toEqual({
      name: 'the stack Cloudtab',
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\/sites\/shop$/),
    });
  });

  it('cloudtab open rejects a port that is not a number', async () => {
    let err = '';
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      err += text;
      return true;
    });
    expect(await main(['open', '--stack', 'Cloudtab', '--port', 'http'])).toBe(2);
    expect(err).toMatch(/^cloudtab: --port: got "http"/);
  });

  it('cloudtab open shows its secret where no browser can be started', async () => {
    vi.stubEnv('PATH', '/nowhere');
    const { ended, printed } = open();
    await printed(/^ {2}http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\/$/m);
    process.emit('SIGTERM', 'SIGTERM');
    expect(await ended).toBe(0);
  });

  it.each([
    ['shows its secret', true],
    ['keeps its secret out of what is no terminal', false],
  ])('cloudtab open that starts a browser %s', async (_, isTerminal) => {
    const started = fakeBrowser();
    const { isTTY } = process.stdout;
    onTestFinished(() => void Object.assign(process.stdout, { isTTY }));
    Object.assign(process.stdout, { isTTY: isTerminal });
    const { ended, printed } = open();
    await started();
    const [out] = await printed(/.+\n/s);
    expect(/\/[\w-]{43}\//.test(out)).toBe(isTerminal);
    process.emit('SIGTERM', 'SIGTERM');
    expect(await ended).toBe(0);
  });
});
