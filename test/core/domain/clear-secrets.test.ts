// cspell:ignore PGPASSWORD
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clearSecretFindings,
  clearSecretWarnings,
  hideClearSecrets,
} from '../../../lib/core/domain/clear-secrets.ts';
import type { JsonObject } from '../../../lib/core/domain/cron.ts';

const fixes = (environ: JsonObject) => clearSecretFindings(environ, 'default').map(({ fix }) => fix);

describe('clearSecretWarnings', () => {
  it.each<[string, JsonObject, string]>([
    ['an authorization header', { headers: { Authorization: 'x' } }, 'Authorization'],
    ['a cookie', { headers: { cookie: 'a=b' } }, 'cookie'],
    ['a key of an API', { headers: { 'x-api-key': 'x' } }, 'x-api-key'],
    ['a variable with a password', { env: { PGPASSWORD: 'x' } }, 'PGPASSWORD'],
    ['a token in a body', { body: [{ accessToken: 'x' }] }, 'accessToken'],
    ['a token in a URL', { url: 'https://a.example/?x=1&token=abc' }, 'url'],
    ['a password in a URL', { list: ['postgres://me:pass@db.example/x'] }, 'list'],
    ['a header in a command', { command: 'curl -H "authorization: Bearer abcdefgh1" x' }, 'command'],
    ['a password under a number', { 1: 'postgres://me:pass@db.example/x' }, 'environ'],
    ['a name that no secret may have', { 'my\u00fc token': 'x' }, 'my-token'],
  ])('%s is warned about', (_, environ, name) => {
    expect(fixes(environ)).toEqual([
      `Run: cloudtab secret set ${name}, and write {"$secret": "${name}"} in its place.`,
    ]);
  });

  it.each<[string, JsonObject]>([
    ['a reference', { token: { $secret: 'token' } }],
    ['a number', { maxTokens: 5, token: 5 }],
    ['an empty text', { token: '' }],
    ['a word that contains such a name', { tokenizer: 'bert', 'cookie-policy': 'none' }],
    ['a URL without one', { url: 'https://me@a.example/?page=1&token=' }],
    ['no URL', { text: 'a://[', list: [null, true] }],
  ])('%s is not warned about', (_, environ) => {
    expect(fixes(environ)).toEqual([]);
  });

  it('The warning names the place and the site, and never the value', () => {
    expect(clearSecretWarnings({ headers: { authorization: 'Bearer hunter2-hunter2' } }, 'shop')).toEqual([
      'environ.headers.authorization is in clear text, where everyone who may see the cron reads it. ' +
        'Run: cloudtab secret set authorization --site shop, and write {"$secret": "authorization"} in its place.',
    ]);
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{20}$/), (value) => {
        expect(
          clearSecretWarnings({ password: value, url: `https://a:${value}@b/` }, 'x').join(),
        ).not.toContain(value);
      }),
    );
  });
});

describe('hideClearSecrets', () => {
  it('It replaces what the warnings are about, and nothing else', () => {
    const reference = { $secret: 'token' };
    const headers = { authorization: 'x', accept: '*/*', cookie: reference };
    const kept = { maxTokens: 5, list: ['postgres://db.example/x', null, true] };
    expect(hideClearSecrets({ headers, ...kept }, 'environ.request')).toEqual({
      headers: { authorization: '(hidden)', accept: '*/*', cookie: reference },
      ...kept,
    });
    expect(hideClearSecrets('hunter2', 'environ.password')).toBe('(hidden)');
    expect(hideClearSecrets(['postgres://me:pass@db.example/x'], 'environ.urls')).toEqual(['(hidden)']);
  });
});
