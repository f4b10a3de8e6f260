import { expect, it, onTestFinished, vi } from 'vitest';
import { ConfigurationError } from '../../../lib/core/domain/errors.ts';
import { commandLine } from './command-line.ts';

const asked = vi.hoisted(() => ({ questions: [] as string[], answer: () => Promise.resolve() }));
vi.mock('../../../lib/surfaces/cli/confirm.ts', () => ({
  confirm: (question: string) => {
    asked.questions.push(question);
    return asked.answer();
  },
}));

const t = commandLine();
const DAILY = { name: 'heartbeat', periodicity: '@daily' };

it('cloudtab rm asks at a terminal, unless --yes is given', async () => {
  for (const uid of ['a', 'b']) t.write(uid, DAILY);
  const stdin = Object.getOwnPropertyDescriptor(process.stdin, 'isTTY');
  onTestFinished(() => {
    Object.defineProperty(process.stdin, 'isTTY', stdin ?? { value: false, configurable: true });
  });
  Object.defineProperty(process.stdin, 'isTTY', { value: true, configurable: true });
  asked.answer = () => Promise.reject(new ConfigurationError('Nothing was changed.'));
  expect(await t.cloudtab('rm', 'a', 'b')).toBe(1);
  expect(asked.questions).toEqual(['Remove a, b of default?']);
  expect((await t.jsonOf('ls')).crons).toHaveLength(2);
  asked.answer = () => Promise.resolve();
  expect(await t.cloudtab('rm', 'a')).toBe(0);
  expect(await t.cloudtab('rm', 'b', '--yes')).toBe(0);
  expect(asked.questions).toHaveLength(2);
});
