// cspell:ignore Fcloudtab Ffilter
import { describe, expect, it } from 'vitest';
import { LogGroupOutput } from '../../../lib/adapters/aws/log-group-output.ts';

const RUN = { runId: 'run-1', from: 1_000_000, to: 2_000_000 };

describe('LogGroupOutput.address', () => {
  it('LogGroupOutput.address returns a console page of the log group, filtered by run and time', () => {
    expect(new LogGroupOutput('/cloudtab/Run', 'eu-west-1').address(RUN)).toBe(
      'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/' +
        '$252Fcloudtab$252FRun/log-events' +
        '$3FfilterPattern$3D$2522run-1$2522$26start$3D940000$26end$3D2060000',
    );
  });

  it.each([
    ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/'],
    ['us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
  ])('LogGroupOutput.address uses the console of the partition of %s', (region, address) => {
    expect(new LogGroupOutput('group', region).address(RUN).startsWith(address)).toBe(true);
  });
});
