import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../lib/core/domain/cron.ts';
import { CloudtabError, ConfigurationError } from '../../lib/core/domain/errors.ts';
import { refusal } from '../../lib/runners/allowed-url.ts';
import { HttpRunner } from '../../lib/runners/http.ts';
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
  const tools = { limits };
  const { context, ...seen } = runContext({ cron: { environ }, environ, tools, ...rest });
  return { runner: new HttpRunner(context), ...seen };
}

/** A CloudtabError, and none of its subclasses, whose message matches the pattern. */
function failure(pattern: string) {
  return { name: 'CloudtabError', message: expect.stringMatching(new RegExp(pattern)) };
}

describe('a successful call of HttpRunner', () => {
  it('The runner gets the URL, sends the occurrence as idempotency key, and logs the result without the query', async () => {
    await using server = await startServer(ok);
    const { runner, logger, clock } = http({ url: `http://${server.host}/ping?key=1` }, [server.host]);

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
    expect(logger.lines).toEqual([
      {
        level: 'info',
        message: expect.stringMatching(new RegExp(`^GET http://${server.host}/ping .*200 OK$`)),
        fields: { code: 'http-answered', status: 200, milliseconds: 0 },
      },
    ]);
  });

  it.each([undefined, 'DELETE'])(
    'The runner sends a text body unchanged when the method is %s',
    async (method) => {
      await using server = await startServer(ok);
      const environ = { url: `http://${server.host}/`, body: 'a=\u00e4', ...(method && { method }) };
      await http(environ, [server.host]).runner.run();
      expect(server.asked).toMatchObject([
        {
          method: method ?? 'POST',
          body: 'a=\u00e4',
          headers: { 'content-type': 'text/plain;charset=UTF-8' },
        },
      ]);
    },
  );

  it.each([[{ a: [1, null] }], [[1, 2]]])('The runner posts %j as JSON', async (body) => {
    await using server = await startServer(ok);
    await http({ url: `http://${server.host}/`, body }, [server.host]).runner.run();
    expect(server.asked).toMatchObject([
      { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
    ]);
  });

  it('The headers of the settings override those of the runner', async () => {
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

describe('the status of an answer', () => {
  it.each([
    [204, undefined],
    [404, 404],
    [404, '404'],
    [503, '5xx'],
    [404, [200, '4XX']],
    [302, '3xx'],
  ])('The status %i is a success when the setting is %j', async (status, wanted) => {
    await using server = await startServer(answering(status, '', { location: '/elsewhere' }));
    const environ = { url: `http://${server.host}/`, ...(wanted === undefined ? {} : { status: wanted }) };
    expect(await http(environ, [server.host]).runner.run()).toBeUndefined();
    expect(server.asked).toHaveLength(1);
  });

  it.each([
    [500, undefined, '2xx'],
    [200, 204, '204'],
    [200, [201, '4xx'], '201.*4xx'],
    [304, undefined, '2xx'],
  ])('The status %i is a failure when the setting is %j', async (status, wanted, expected) => {
    await using server = await startServer((_asked, response) => response.writeHead(status, 'So').end());
    const environ = { url: `http://${server.host}/a`, ...(wanted === undefined ? {} : { status: wanted }) };
    await expect(http(environ, [server.host]).runner.run()).rejects.toMatchObject(
      failure(`^GET http://${server.host}/a .*${status} So, .*\\b${expected}\\b`),
    );
  });

  it('The message of a failure ends with the first 200 characters of the answer, on one line', async () => {
    await using server = await startServer(answering(500, ` no\n\tgood ${'x'.repeat(1000)}`));
    await expect(http({ url: `http://${server.host}/` }, [server.host]).runner.run()).rejects.toThrow(
      new CloudtabError(
        `GET http://${server.host}/ answered 500 Internal Server Error, wanted 2xx: no good ${'x'.repeat(192)}`,
      ),
    );
  });

  it('The runner stops reading an answer that never ends', async () => {
    await using server = await startServer((_asked, response) => {
      response.writeHead(500);
      const more = () => {
        while (!response.destroyed && response.write('y'.repeat(10_000)));
      };
      response.on('drain', more);
      more();
    });
    await expect(http({ url: `http://${server.host}/` }, [server.host]).runner.run()).rejects.toMatchObject(
      failure(`\\b500\\b.*[^y]y{200}$`),
    );
  });
});

describe('redirects of HttpRunner', () => {
  const hops: Answer = ({ path }, response) => {
    const left = Number(path?.slice(1));
    if (left === 0) response.end();
    else response.writeHead(307, { location: `/${left - 1}` }).end();
  };

  it('The runner follows up to five redirects', async () => {
    await using server = await startServer(hops);
    await http({ url: `http://${server.host}/5` }, [server.host]).runner.run();
    expect(server.asked.map(({ path }) => path)).toEqual(['/5', '/4', '/3', '/2', '/1', '/0']);
  });

  it('The runner fails after more than five redirects', async () => {
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
  ])('A redirect with status %i turns %s into %s', async (status, method, then) => {
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

  it('A redirect within the origin keeps the headers of the settings', async () => {
    await using server = await startServer(({ path }, response) => {
      if (path === '/') response.writeHead(302, { location: '/again' });
      response.end();
    });
    const headers = { authorization: 'Bearer x', 'x-api-key': 'y' };
    await http({ url: `http://${server.host}/`, headers }, [server.host]).runner.run();
    expect(server.asked[1]).toMatchObject({ path: '/again', headers });
  });

  it('A redirect to another origin is not followed, and the message says where it leads, without the query', async () => {
    await using other = await startServer(ok);
    const location = `http://${other.host}/moved?key=1`;
    await using server = await startServer(answering(302, '', { location }));
    await expect(http({ url: `http://${server.host}/a` }, ['127.0.0.1:*']).runner.run()).rejects.toThrow(
      new CloudtabError(
        `GET http://${server.host}/a answered 302, which leads to http://${other.host}/moved: ` +
          'redirects to another origin are not followed. Set the URL to the one that answers.',
      ),
    );
    expect(other.asked).toEqual([]);
  });

  it('A redirect to another origin is an ordinary answer where its status is expected', async () => {
    await using server = await startServer(answering(302, '', { location: 'https://login.example/' }));
    await http({ url: `http://${server.host}/`, status: '3xx' }, [server.host]).runner.run();
    expect(server.asked).toHaveLength(1);
  });

  it('The runner fails on a redirect to an invalid URL', async () => {
    await using server = await startServer(answering(302, '', { location: 'http://[' }));
    await expect(http({ url: `http://${server.host}/` }, [server.host]).runner.run()).rejects.toThrow(
      new CloudtabError(`GET http://${server.host}/ answered 302 with a location that is no URL.`),
    );
  });

  it('A redirect without a location is an ordinary answer', async () => {
    await using server = await startServer(answering(302));
    const environ = { url: `http://${server.host}/`, status: [200, '4xx'] };
    await expect(http(environ, [server.host]).runner.run()).rejects.toThrow(
      new CloudtabError(
        `GET http://${server.host}/ answered 302 Found, wanted 200 or 4xx. The answer was empty.`,
      ),
    );
  });
});

describe('a call without an answer', () => {
  it('The runner sends nothing to a host that is not allowed', async () => {
    await using server = await startServer(ok);
    await expect(http({ url: `http://${server.host}/a?b` }, ['example.com']).runner.run()).rejects.toThrow(
      new ConfigurationError(
        `GET http://${server.host}/a was not sent. ${refusal(new URL(`http://${server.host}`), { allowedHosts: ['example.com'] })}`,
      ),
    );
    expect(server.asked).toEqual([]);
  });

  it('The message says why the connection failed', async () => {
    const server = await startServer(ok);
    await server[Symbol.asyncDispose]();
    await expect(http({ url: `http://${server.host}/` }, [server.host]).runner.run()).rejects.toThrow(
      new CloudtabError(`GET http://${server.host}/ got no answer: connect ECONNREFUSED ${server.host}`),
    );
  });

  it.each([
    [new Error('plain'), 'plain'],
    [Object.assign(new Error(''), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [new RangeError(''), 'RangeError'],
    ['just a text', 'just a text'],
  ])('The message for the error %s ends with "%s"', async (thrown, reason) => {
    const limits = { allowedHosts: ['a.example'], allowedFunctions: [], allowedUsers: [] };
    const tools = { limits, resolve: () => Promise.reject(thrown) };
    const { runner } = http({ url: 'https://a.example' }, [], { tools });
    await expect(runner.run()).rejects.toMatchObject(failure(`^GET https://a.example/ .*: ${reason}$`));
  });

  it('The timeout aborts a call, also in the middle of an answer', async () => {
    const answered = Promise.withResolvers<void>();
    await using server = await startServer((_asked, response) => {
      response.writeHead(200).write('one moment', () => answered.resolve());
    });
    const { runner, clock } = http({ url: `http://${server.host}/`, timeout: 2 }, [server.host]);
    const outcome = expect(runner.run()).rejects.toThrow(
      new CloudtabError(`GET http://${server.host}/ was aborted: no complete response within 2 s (timeout).`),
    );
    await answered.promise;
    await clock.advance(2000);
    await outcome;
    expect(clock.waiting).toBe(0);
  });

  it('A call ends with the reason of its run when the run is aborted', async () => {
    await using server = await startServer(() => {});
    const run = new AbortController();
    const { runner, clock } = http({ url: `http://${server.host}/` }, [server.host], { signal: run.signal });
    const outcome = expect(runner.run()).rejects.toThrow(new Error('the time of the run is up'));
    run.abort(new Error('the time of the run is up'));
    await outcome;
    expect(clock.waiting).toBe(0);
  });
});

describe('secrets in messages of HttpRunner', () => {
  const secret = 'hunter2-and-more';

  it('A secret is redacted before the answer is cut', async () => {
    await using server = await startServer(answering(500, `${'x'.repeat(190)}${secret} tail`));
    const { runner } = http({ url: `http://${server.host}/` }, [server.host], { secrets: [secret] });
    await expect(runner.run()).rejects.toMatchObject(failure('\\b500\\b.*: x{190}\\[secret\\] t$'));
  });

  it('A URL that is a secret appears only as its host', async () => {
    await using server = await startServer(({ path }, response) => response.writeHead(404).end(`no ${path}`));
    const url = `http://${server.host}/services/hooks/${secret}?more=1`;
    const cron = { environ: { url: { $secret: 'hook' } } };
    const { runner } = http({}, [server.host], { cron, environ: { url }, secrets: [url] });
    await expect(runner.run()).rejects.toMatchObject(
      failure(`^GET http://${server.host}/… .*\\b404\\b.*: no \\[secret\\]$`),
    );
  });

  it('The runner fails when the secret for the URL is not a URL', async () => {
    const { runner } = http({ url: 'nonsense' }, []);
    await expect(runner.run()).rejects.toThrow(
      new ConfigurationError('The secret of the setting "url" is not a URL.'),
    );
  });
});
