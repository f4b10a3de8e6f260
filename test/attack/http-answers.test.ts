/**
 * A remote server that wants the time and the memory of the process that runs crons. The attacker owns the server that a
 * cron calls; everything is on this machine.
 */
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { HttpRunner } from '../../lib/runners/http.ts';
import { startServer } from '../support/answering-server.ts';
import { runContext } from '../support/run-context.ts';

/** The run of a cron that calls the server, which may be called. */
function callOf(host: string) {
  const limits = { allowedHosts: [`http://${host}`], allowedFunctions: [], allowedUsers: [] };
  const { context, clock } = runContext({ environ: { url: `http://${host}/` }, tools: { limits } });
  return { run: () => new HttpRunner(context).run(), clock };
}

it('A server that answers without an end costs 64 KB, and its connection is closed', async () => {
  let sent = 0;
  const closed = Promise.withResolvers<void>();
  await using server = await startServer((_asked, response) => {
    response.on('close', closed.resolve);
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(16_384, 'x'))) sent += 16_384;
    };
    response.on('drain', more);
    more();
  });
  await callOf(server.host).run();
  await closed.promise;
  // What the buffers of the connection hold is sent, but not read.
  expect(sent).toBeLessThan(16 * 1024 * 1024);
});

it('A small answer that would become a large one is not decompressed', async () => {
  const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024, 'A'));
  await using server = await startServer((_asked, response) =>
    response.writeHead(500, { 'content-encoding': 'gzip' }).end(bomb),
  );
  await expect(callOf(server.host).run()).rejects.toThrow(/^(?!.*AAAA)/);
  expect(server.asked[0]?.headers['accept-encoding']).toBe('identity');
});

it.each<[string, (response: ServerResponse) => void]>([
  ['keeps the connection without a word', () => {}],
  ['sends headers without a body', (response) => response.writeHead(200).flushHeaders()],
  ['announces that it goes on', (response) => response.writeProcessing()],
])('A server that %s is given up at the timeout', async (_, answer) => {
  const asked = Promise.withResolvers<void>();
  await using server = await startServer((_asked, response) => {
    answer(response);
    asked.resolve();
  });
  const { run, clock } = callOf(server.host);
  const outcome = expect(run()).rejects.toThrow('no complete response within 30 s (timeout)');
  await asked.promise;
  await clock.advance(30_000);
  await outcome;
  expect(clock.waiting).toBe(0);
});

it('A server that sends headers without an end is cut off at 16 KB', async () => {
  await using server = await startServer((_asked, response) => {
    response.socket?.end(`HTTP/1.1 200 OK\r\n${`x-a: ${'a'.repeat(1_000)}\r\n`.repeat(100)}\r\n`);
  });
  await expect(callOf(server.host).run()).rejects.toThrow('Header overflow');
});
