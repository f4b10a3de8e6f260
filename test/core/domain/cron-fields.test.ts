import { describe, expect, it } from 'vitest';
import { CRON_DEFAULTS, Cron } from '../../../lib/core/domain/cron.ts';
import {
  allFields,
  CRON_FIELDS,
  changedFields,
  diffFields,
  editBetween,
  mergeFields,
  pickFields,
  withoutDefaults,
} from '../../../lib/core/domain/cron-fields.ts';
import { cronSchema } from '../../../lib/core/domain/cron-schema.ts';
import { crontabSchema } from '../../../lib/core/domain/crontab-schema.ts';
import { CRONTAB_FIELDS } from '../../../lib/core/domain/crontab-settings.ts';

const BASE = { name: 'http', periodicity: '@daily', user: 'bob', environ: { x: 1, y: 2 } };

it('CRON_FIELDS and CRONTAB_FIELDS name every field of the schemas', () => {
  expect(CRON_FIELDS.toSorted()).toEqual(Object.keys(cronSchema.shape).sort());
  expect(CRONTAB_FIELDS.toSorted()).toEqual(Object.keys(crontabSchema.shape).sort());
});

describe('mergeFields', () => {
  it('mergeFields replaces the given fields as a whole and keeps the others', () => {
    expect(mergeFields(BASE, { environ: { z: 3 }, timeout: 9 })).toEqual({
      ...BASE,
      environ: { z: 3 },
      timeout: 9,
    });
  });

  it('mergeFields removes fields that are null, also those of the base', () => {
    expect(mergeFields({ ...BASE, timeout: null }, { user: null, timezone: null, environ: null })).toEqual({
      name: 'http',
      periodicity: '@daily',
    });
  });

  it('mergeFields keeps the field of the base when the given one is undefined', () => {
    expect(mergeFields(BASE, { user: undefined })).toEqual(BASE);
  });

  it('mergeFields keeps null within an environ', () => {
    expect(mergeFields({}, { environ: { x: null } })).toEqual({ environ: { x: null } });
  });
});

describe('withoutDefaults', () => {
  it('withoutDefaults keeps the fields that are not at their defaults', () => {
    const cron = new Cron({ ...CRON_DEFAULTS, ...BASE, uid: 'a', timeout: 9 });
    expect(withoutDefaults({ ...cron.fields(), timezone: null })).toEqual({ uid: 'a', ...BASE, timeout: 9 });
  });

  it('withoutDefaults compares with other defaults that it is given', () => {
    expect(
      withoutDefaults({ timezone: 'UTC', readOnly: true }, { timezone: 'UTC', readOnly: false }),
    ).toEqual({
      readOnly: true,
    });
  });
});

it('pickFields keeps the named fields in their order, null included', () => {
  const picked = pickFields({ user: null, colour: 'red', name: 'http', timezone: undefined }, CRON_FIELDS);
  expect(Object.entries(picked)).toEqual([
    ['user', null],
    ['name', 'http'],
  ]);
});

it('allFields lists every field in reading order, with null for those that are absent', () => {
  const all = allFields({ timeout: 9, name: 'http' });
  expect(Object.keys(all)).toEqual(CRON_FIELDS);
  expect(all).toMatchObject({ name: 'http', timeout: 9, user: null });
});

describe('changedFields', () => {
  it('changedFields names the fields that differ, and null is no difference to an absent field', () => {
    const after = { ...BASE, user: null, environ: { y: 2, x: 1 }, timezone: null, timeout: 9 };
    expect(changedFields(BASE, after)).toEqual(['user', 'timeout']);
  });

  it('changedFields looks only at the fields that it is given, in their order', () => {
    expect(changedFields({ name: 'a', user: 'b', timeout: 1 }, {}, ['user', 'name'])).toEqual([
      'user',
      'name',
    ]);
  });
});

it('editBetween is the edit that turns one definition into the other', () => {
  const after = { name: 'http', periodicity: '@hourly', environ: { x: 1 } };
  const edit = editBetween(BASE, after);
  expect(edit).toEqual({ periodicity: '@hourly', user: null, environ: { x: 1 } });
  expect(mergeFields(BASE, edit)).toEqual(after);
  expect(editBetween(after, after)).toEqual({});
});

describe('diffFields', () => {
  it('diffFields lists each field that differs with both values, and each key of environ', () => {
    const after = {
      ...BASE,
      periodicity: '@hourly',
      user: null,
      timeout: 9,
      environ: { x: null, z: 3, y: 2 },
    };
    expect(diffFields(BASE, after)).toEqual([
      { field: 'periodicity', before: '@daily', after: '@hourly' },
      { field: 'user', before: 'bob' },
      { field: 'environ.x', before: 1, after: null },
      { field: 'environ.z', after: 3 },
      { field: 'timeout', after: 9 },
    ]);
  });

  it.each([[undefined], [null], ['text'], [[1]]])(
    'diffFields reads the environ %j as one without keys',
    (environ) => {
      expect(diffFields({ environ }, { environ: { x: 1 } })).toEqual([{ field: 'environ.x', after: 1 }]);
      expect(diffFields({ environ: { x: 1 } }, { environ })).toEqual([{ field: 'environ.x', before: 1 }]);
    },
  );

  it('diffFields handles keys that are named as methods of objects', () => {
    const after = { environ: { constructor: 1 }, toString: 'x' };
    expect(diffFields({ environ: {} }, after as never)).toEqual([
      { field: 'environ.constructor', after: 1 },
      { field: 'toString', after: 'x' },
    ]);
  });
});
