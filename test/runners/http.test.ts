import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../lib/domain/cron.ts';
import { CloudtabError, ConfigurationError } from '../../lib/domain/errors.ts';
import { HttpRunner } from '../../lib/runners/http.ts';
import { redactor } from '../../lib/runners/redact.ts';
import { type Asked, startServer } from '../support/answering-server.ts';
import { runContext } from '../support/run-context.ts';

type Answer = (asked: Asked, response: ServerResponse) => void;

const ok: Answer = (_asked, response) => response.end('fine');

function answering(status: number, body = '', headers = {}): Answer {
  return (_asked, response) => response.writeHead(status, headers).end(body);
}

function http(
  environ: JsonObject,
  allowedHosts: readonly string[],
  rest: Parameters<typeof runContext>[0] = {},
) {
  const limits = { allowedHosts, allowedFunctions: [], allowedUsers: [] };
  const tools = { fetch: globalThis.fetch, limits };
  const { context, ...seen } = runContext({ cron: { environ }, environ, tools, ...rest });
  return { runner: new HttpRunner(context), ...seen };
}

describe('a call that succeeds', () => {
  it('gets the URL, names the occurrence and itself, and says how it went without the query', async () => {
    await using server = await startServer(ok);
    const { runner, log, clock } = http({ url: `http://${server.host}/ping?key=1` }, [server.host]);

    expect(await runner.run()).toBeUndefined();

    expect(clock.waiting).toBe(0);
    expect(server.asked).toMatchObject([
      {
        method: 'GET',
        path: '/ping?key=1',
        body: '',
        headers: { 'user-agent': 'cloudtab', 'idempotency-key': 'default/a/2026-03-02T12:00:00Z' },
      },
    ]);
    expect(log.lines).toEqual([
      {
        level: 'info',
        message: `GET http://${server.host}/ping answered 200 OK`,
        fields: { code: 'http-answered', status: 200, milliseconds: 0 },
      },
    ]);
  });

  it('posts a text as it is when only a body is given', async () => {
    await using server = await startServer(ok);
    await http({ url: `http://${server.host}/`, body: 'a=1' }, [server.host]).runner.run();
    expect(server.asked).toMatchObject([{ method: 'POST', body: 'a=1' }]);
  });

  it.each([[{ a: [1, null] }], [[1, 2]]])('posts %j as JSON', async (body) => {
    await using server = await startServer(ok);
    await http({ url: `http://${server.host}/`, body }, [server.host]).runner.run();
    expect(server.asked).toMatchObject([
      { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
    ]);
  });

  it('lets headers of the settings come before its own', async () => {
    await using server = await startServer(ok);
    const headers = { 'Content-Type': 'application/x+json', 'User-Agent': 'me', 'x-token': 't' };
    const environ = { url: `http://${server.host}/`, method: 'PUT', body: {}, headers };
    await http(environ, [server.host]).runner.run();
    expect(server.asked).toMatchObject([
      {
        method: 'PUT',
        headers: { 'content-type': 'application/x+json', 'user-agent': 'me', 'x-token': 't' },
      },
    ]);
  });
});

describe('the status', () => {
  it.each([
    [204, undefined],
    [404, 404],
    [404, '404'],
    [503, '5xx'],
    [404, [200, '4XX']],
    [302, '3xx'],
  ])('%i is fine when %j is wanted', async (status, wanted) => {
    await using server = await startServer(answering(status, '', { location: '/elsewhere' }));
    const environ = { url: `http://${server.host}/`, ...(wanted === undefined ? {} : { status: wanted }) };
    expect(await http(environ, [server.host]).runner.run()).toBeUndefined();
    expect(server.asked).toHaveLength(1);
  });

  it.each([
    [500, undefined, '2xx'],
    [200, 204, '204'],
    [200, [201, '4xx'], '201 or 4xx'],
    [304, undefined, '2xx'],
  ])('%i is a failure when %j is wanted', async (status, wanted, told) => {
    await using server = await startServer((_asked, response) => response.writeHead(status, 'So').end());
    const environ = { url: `http://${server.host}/a`, ...(wanted === undefined ? {} : { status: wanted }) };
    await expect(http(environ, [server.host]).runner.run()).rejects.toThrow(
      new CloudtabError(
        `GET http://${server.host}/a answered ${status} So, wanted ${told}. The answer was empty.`,
      ),
    );
  });

  it('is a failure with the first 200 characters of the answer, on one line', async () => {
    await using server = await startServer(answering(500, ` no\n\tgood ${'x'.repeat(1000)}`));
    await expect(http({ url: `http://${server.host}/` }, [server.host]).runner.run()).rejects.toThrow(
      new CloudtabError(
        `GET http://${server.host}/ answered 500 Internal Server Error, wanted 2xx: no good ${'x'.repeat(192)}`,
      ),
    );
  });

  it('does not wait for an answer that never ends', async () => {
    await using server = await startServer((_asked, response) => {
      response.writeHead(500);
      const more = () => {
        while (!response.destroyed && response.write('y'.repeat(10_000)));
      };
      response.on('drain', more);
      more();
    });
    await expect(http({ url: `http://${server.host}/` }, [server.host]).runner.run()).rejects.toThrow(
      `wanted 2xx: ${'y'.repeat(200)}`,
    );
  });
});

describe('a redirect', () => {
  const hops: Answer = ({ path }, response) => {
    const left = Number(path?.slice(1));
    if (left === 0) response.end();
    else response.writeHead(307, { location: `/${left - 1}` }).end();
  };

  it('is followed up to five times', async () => {
    await using server = await startServer(hops);
    await http({ url: `http://${server.host}/5` }, [server.host]).runner.run();
    expect(server.asked.map(({ path }) => path)).toEqual(['/5', '/4', '/3', '/2', '/1', '/0']);
  });

  it('is a failure when it leads on and on', async () => {
    await using server = await startServer(hops);
    await expect(http({ url: `http://${server.host}/6` }, [server.host]).runner.run()).rejects.toThrow(
      new CloudtabError(`GET http://${server.host}/6 was redirected more than 5 times.`),
    );
  });

  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [302, 'PUT', 'PUT'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
  ])('of status %i turns %s into %s', async (status, method, then) => {
    await using server = await startServer(({ path }, response) => {
      if (path === '/end') response.end();
      else response.writeHead(status, { location: 'end' }).end();
    });
    const body: JsonObject = method === 'HEAD' ? {} : { body: { a: 1 } };
    await http({ url: `http://${server.host}/`, method, ...body }, [server.host]).runner.run();
    const kept = then === 'GET' || then === 'HEAD' ? '' : '{"a":1}';
    expect(server.asked[1]).toMatchObject({ method: then, body: kept });
    expect(server.asked[1]?.headers['content-type']).toBe(kept ? 'application/json' : undefined);
  });

  it('keeps the headers of the settings on the same host alone', async () => {
    await using other = await startServer(ok);
    await using server = await startServer(({ path }, response) => {
      const location = path === '/' ? '/again' : `http://${other.host}/`;
      response.writeHead(302, { location }).end();
    });
    const headers = { authorization: 'Bearer x', 'x-api-key': 'y' };
    await http({ url: `http://${server.host}/`, headers }, ['127.0.0.1:*']).runner.run();
    expect(server.asked[1]?.headers).toMatchObject(headers);
    expect(other.asked[0]?.headers).not.toHaveProperty('authorization');
    expect(other.asked[0]?.headers).not.toHaveProperty('x-api-key');
    expect(other.asked[0]?.headers['idempotency-key']).toBe('default/a/2026-03-02T12:00:00Z');
  });

  it('to a host that is not allowed is not followed', async () => {
    await using other = await startServer(ok);
    await using server = await startServer(
      answering(302, '', { location: `http://${other.host}/steal?x=1` }),
    );
    await expect(http({ url: `http://${server.host}/a` }, [server.host]).runner.run()).rejects.toThrow(
      new ConfigurationError(
        `GET http://${server.host}/a answered 302, which leads elsewhere. ` +
          `GET http://${other.host}/steal was not sent. The host "${other.host}" is not allowed without encryption. ` +
          `This deployment allows: ${server.host}. Add "http://${other.host}" to allowedHosts.`,
      ),
    );
    expect(other.asked).toEqual([]);
  });

  it('to nonsense is a failure', async () => {
    await using server = await startServer(answering(302, '', { location: 'http://[' }));
    await expect(http({ url: `http://${server.host}/` }, [server.host]).runner.run()).rejects.toThrow(
      new CloudtabError(`GET http://${server.host}/ answered 302 with a location that is no URL.`),
    );
  });

  it('without a location is an answer like any other', async () => {
    await using server = await startServer(answering(302));
    await expect(http({ url: `http://${server.host}/` }, [server.host]).runner.run()).rejects.toThrow(
      new CloudtabError(`GET http://${server.host}/ answered 302 Found, wanted 2xx. The answer was empty.`),
    );
  });
});

describe('a call that gets no answer', () => {
  it('is not sent to a host that is not allowed', async () => {
    await using server = await startServer(ok);
    await expect(http({ url: `http://${server.host}/a?b` }, ['example.com']).runner.run()).rejects.toThrow(
      new ConfigurationError(
        `GET http://${server.host}/a was not sent. The host "${server.host}" is not allowed without encryption. ` +
          `This deployment allows: example.com. Add "http://${server.host}" to allowedHosts.`,
      ),
    );
    expect(server.asked).toEqual([]);
  });

  it('says why the connection failed', async () => {
    const server = await startServer(ok);
    await server[Symbol.asyncDispose]();
    await expect(http({ url: `http://${server.host}/` }, [server.host]).runner.run()).rejects.toThrow(
      new CloudtabError(`GET http://${server.host}/ got no answer: connect ECONNREFUSED ${server.host}`),
    );
  });

  it.each([
    [new Error('plain'), 'plain'],
    [new Error('outer', { cause: Object.assign(new Error(''), { code: 'ECONNREFUSED' }) }), 'ECONNREFUSED'],
    [new Error('outer', { cause: new RangeError('') }), 'RangeError'],
    ['just a text', 'just a text'],
  ])('tells %s as "%s"', async (thrown, told) => {
    const limits = { allowedHosts: ['a.example'], allowedFunctions: [], allowedUsers: [] };
    const tools = { limits, fetch: () => Promise.reject(thrown) };
    const { runner } = http({ url: 'https://a.example' }, [], { tools });
    await expect(runner.run()).rejects.toThrow(
      new CloudtabError(`GET https://a.example/ got no answer: ${told}`),
    );
  });

  it('is given up after its timeout, also in the middle of an answer', async () => {
    await using server = await startServer((_asked, response) => response.writeHead(200).write('one moment'));
    const answered = Promise.withResolvers<void>();
    const tools = {
      limits: { allowedHosts: [server.host], allowedFunctions: [], allowedUsers: [] },
      fetch: async (...given: Parameters<typeof fetch>) => {
        const response = await fetch(...given);
        answered.resolve();
        return response;
      },
    };
    const { runner, clock } = http({ url: `http://${server.host}/`, timeout: 2 }, [], { tools });
    const outcome = expect(runner.run()).rejects.toThrow(
      new CloudtabError(`GET http://${server.host}/ was given up: no whole answer within 2 s (timeout).`),
    );
    await answered.promise;
    await clock.advance(2000);
    await outcome;
    expect(clock.waiting).toBe(0);
  });

  it('ends with the run, for the reason of the run', async () => {
    await using server = await startServer(() => {});
    const run = new AbortController();
    const { runner, clock } = http({ url: `http://${server.host}/` }, [server.host], { signal: run.signal });
    const outcome = expect(runner.run()).rejects.toThrow(new Error('the time of the run is up'));
    run.abort(new Error('the time of the run is up'));
    await outcome;
    expect(clock.waiting).toBe(0);
  });
});

describe('a secret', () => {
  const secret = 'hunter2-and-more';

  it('is not told when the answer repeats it where it is cut', async () => {
    await using server = await startServer(answering(500, `${'x'.repeat(190)}${secret} tail`));
    const { runner } = http({ url: `http://${server.host}/` }, [server.host], { redact: redactor([secret]) });
    await expect(runner.run()).rejects.toThrow(
      new CloudtabError(
        `GET http://${server.host}/ answered 500 Internal Server Error, wanted 2xx: ${'x'.repeat(190)}[secret] t`,
      ),
    );
  });

  it('that is the URL is told as its host alone', async () => {
    await using server = await startServer(({ path }, response) => response.writeHead(404).end(`no ${path}`));
    const url = `http://${server.host}/services/hooks/${secret}?more=1`;
    const cron = { environ: { url: { $secret: 'hook' } } };
    const { runner } = http({}, [server.host], { cron, environ: { url }, redact: redactor([url]) });
    await expect(runner.run()).rejects.toThrow(
      new CloudtabError(`GET http://${server.host}/… answered 404 Not Found, wanted 2xx: no [secret]`),
    );
  });

  it('that should be the URL and is none is a failure', async () => {
    const { runner } = http({ url: 'nonsense' }, []);
    await expect(runner.run()).rejects.toThrow(
      new ConfigurationError('The secret of the setting "url" is no URL.'),
    );
  });
});
