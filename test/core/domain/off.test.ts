import { describe, expect, it } from 'vitest';
import { offByVersions, offText } from '../../../lib/core/domain/off.ts';

const version = (modified: number, activated: boolean | undefined, author?: string) => ({
  value: activated === undefined ? 'no object' : JSON.stringify({ name: 'task', activated }),
  modified,
  ...(author !== undefined && { author }),
});

describe('offByVersions', () => {
  it('A parameter that is on, or that no version is known of, is not off', () => {
    expect(offByVersions([version(2, true), version(1, false)])).toBeUndefined();
    expect(offByVersions([])).toBeUndefined();
  });

  it('It has the time, the user and the note of the switch, not of a later edit', () => {
    const versions = [
      version(4, false, 'bo'),
      version(3, false, 'ana: the database: moves'),
      version(2, true),
    ];
    expect(offByVersions(versions)).toEqual({ since: 3, by: 'ana', note: 'the database: moves' });
  });

  it('What was off from its first version on is off since then', () => {
    expect(offByVersions([version(2, false), version(1, false)])).toEqual({ since: 1 });
  });

  it('The writer that the medium recorded counts where no author is known', () => {
    expect(offByVersions([{ ...version(1, false), writer: 'root' }])).toEqual({ since: 1, by: 'root' });
  });

  it('A version without an object neither switches nor hides the switch', () => {
    const versions = [
      version(4, undefined, 'bo'),
      version(3, false, 'ana'),
      version(2, undefined),
      version(1, true),
    ];
    expect(offByVersions(versions)).toEqual({ since: 3, by: 'ana' });
  });
});

describe('offText', () => {
  it('It has what is known', () => {
    expect(offText({ since: 0, by: 'ana', note: 'moving' })).toBe(' by ana: moving');
    expect(offText({ since: 0 })).toBe('');
  });
});
