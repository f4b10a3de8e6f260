import { expect, it } from 'vitest';
import { messagesWithTimes, withTimes } from '../../../lib/core/domain/messages-with-times.ts';
import { REASONS } from '../../../lib/core/domain/run-record.ts';

const MESSAGES = [
  'From 2026-03-02T12:00:00Z to 2026-03-02T12:00:00.250Z.',
  'Not 2026-03-02 or x2026-03-02T12:00:00Z.',
];
const timeText = (time: number) => `<${time}>`;

it('The instants of a text are replaced', () => {
  expect(MESSAGES.map((message) => withTimes(message, timeText))).toEqual([
    'From <1772452800000> to <1772452800250>.',
    MESSAGES[1],
  ]);
});

it('Only the messages of reasons that cloudtab words itself are changed', () => {
  const changed = REASONS.filter(
    (reason) => messagesWithTimes({ reason, messages: MESSAGES }, timeText)[0] !== MESSAGES[0],
  );
  expect(changed).toEqual(['missed', 'overlap', 'off', 'died']);
  expect(messagesWithTimes({ messages: MESSAGES }, timeText)).toEqual(MESSAGES);
});
