import { expect, it } from 'vitest';
import { unqualifiedArn } from '../../../lib/adapters/aws/run-function.ts';

const RUN = 'arn:aws:lambda:eu-west-1:123456789012:function:run';

it.each(['', ':$LATEST', ':7', ':live'])(
  'The ARN of an invocation with the qualifier "%s" is that of the function itself',
  (qualifier) => {
    expect(unqualifiedArn(`${RUN}${qualifier}`)).toBe(RUN);
  },
);
