import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { makeSign, type UnsignedRequest } from '../../../lib/adapters/aws/sign-request.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-03-02T12:00:00Z') });
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'EXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_SESSION_TOKEN', 'token');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

const url = new URL('https://abc.lambda-url.eu-west-1.on.aws/api/sites?a=1&b=2&a=3');

it('The function of makeSign returns a signature for Lambda over method, host, query, body and time, and no host header', async () => {
  const sign = makeSign();
  const signed = await sign({ method: 'GET', url, headers: { accept: 'text/html' } });
  expect(signed).toMatchObject({
    accept: 'text/html',
    'x-amz-date': '20260302T120000Z',
    'x-amz-security-token': 'token',
    authorization: expect.stringMatching(
      /^AWS4-HMAC-SHA256 Credential=EXAMPLE\/20260302\/eu-west-1\/lambda\/aws4_request, SignedHeaders=accept;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
    ),
  });
  expect(signed).not.toHaveProperty('host');
  const others: UnsignedRequest[] = [
    { method: 'POST', url, headers: { accept: 'text/html' } },
    { method: 'GET', url: new URL('/api/sites?a=1&b=2', url), headers: { accept: 'text/html' } },
    { method: 'GET', url, headers: { accept: 'text/html' }, body: Buffer.from('x') },
    { method: 'GET', url: new URL('https://abc.lambda-url.eu-west-1.on.aws:8443/'), headers: {} },
  ];
  for (const other of others) expect((await sign(other)).authorization).not.toBe(signed.authorization);
});

it('The function of makeSign throws an UnavailableError that names the host when there are no credentials', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', '');
  vi.stubEnv('AWS_PROFILE', 'no-such-profile');
  vi.useRealTimers();
  await expect(makeSign()({ method: 'GET', url, headers: {} })).rejects.toMatchObject({
    name: 'UnavailableError',
    message: expect.stringMatching(/^Cannot sign the request to abc\.lambda-url\.eu-west-1\.on\.aws: /),
    cause: { name: 'CredentialsProviderError' },
  });
});
