/**
 * Parameter Store in memory, behind the SDK's client: versions, labels and their rules, pages that may be empty. It
 * refuses names, tiers and sizes as the service does; a test simulates throttling with `failNext`.
 */
import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  LabelParameterVersionCommand,
  type ParameterType,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
  UnlabelParameterVersionCommand,
} from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { awsError } from './aws-error.ts';

interface Version {
  readonly value: string;
  readonly type: ParameterType;
  readonly version: number;
  readonly modified: Date;
  readonly labels: Set<string>;
  readonly description: string | undefined;
}

interface Stored {
  tier: string;
  readonly versions: Version[];
}

const LABEL = /^(?!aws|ssm|\d)[A-Za-z0-9_.-]{1,100}$/i;
const MAX_VERSIONS = 100;
const MAX_LABELS = 10;

/** The caller as the service records it. */
export const WRITER = 'arn:aws:sts::123456789012:assumed-role/admin/session';

export class FakeSsm {
  readonly client = new SSMClient({ region: 'us-east-1' });
  readonly mock: ReturnType<typeof mockSsm>;
  readonly #parameters = new Map<string, Stored>();
  readonly #failures: Error[] = [];
  #time = Date.UTC(2026, 0, 5, 12);
  /** Whether an empty page precedes each page of a list, as the service may do when it filters many parameters. */
  emptyPages = false;
  /** How many of the next reads return the previous version, since reads are eventually consistent. */
  behind = 0;

  constructor() {
    this.mock = mockSsm(this.client);
    this.mock.on(GetParameterCommand).callsFake((input) => this.#call(() => this.#get(input.Name)));
    this.mock.on(GetParametersByPathCommand).callsFake((input) => this.#call(() => this.#list(input)));
    this.mock.on(PutParameterCommand).callsFake((input) => this.#call(() => this.#put(input)));
    this.mock.on(DeleteParameterCommand).callsFake((input) => this.#call(() => this.#delete(input.Name)));
    this.mock.on(GetParameterHistoryCommand).callsFake((input) => this.#call(() => this.#history(input)));
    this.mock.on(LabelParameterVersionCommand).callsFake((input) => this.#call(() => this.#label(input)));
    this.mock.on(UnlabelParameterVersionCommand).callsFake((input) => this.#call(() => this.#unlabel(input)));
  }

  /** Writes a parameter, as a user of the console does. */
  type(name: string, value: string, type: ParameterType = 'String'): void {
    this.#put({ Name: name, Value: value, Type: type, Overwrite: true });
  }

  labels(name: string, version: number): string[] {
    const found = this.#parameters.get(name)?.versions.find((each) => each.version === version);
    return [...(found?.labels ?? [])];
  }

  tier(name: string): string | undefined {
    return this.#parameters.get(name)?.tier;
  }

  /** Makes the next calls fail with these errors, one each. */
  failNext(...errors: Error[]): void {
    this.#failures.push(...errors);
  }

  /** The names of the commands that the client has sent, in order. */
  get sent(): string[] {
    return this.mock.calls().map((call) => call.args[0].constructor.name);
  }

  #call<T>(answer: () => T): T {
    const failure = this.#failures.shift();
    if (failure) throw failure;
    return answer();
  }

  #existing(name = ''): Stored {
    if (name.includes('//') || name.includes('..')) throw awsError('ValidationException', `Bad name ${name}`);
    const stored = this.#parameters.get(name);
    if (!stored) throw awsError('ParameterNotFound', '');
    return stored;
  }

  #get(name?: string) {
    const { versions } = this.#existing(name);
    const last = versions[versions.length - (this.behind > 0 && versions.length > 1 ? 2 : 1)];
    if (this.behind > 0) this.behind -= 1;
    return { Parameter: parameter(name, last) };
  }

  #put(input: PutParameterCommandInput) {
    const { Name = '', Value = '', Type = 'String', Tier = 'Standard', Overwrite, Description } = input;
    const stored = this.#parameters.get(Name) ?? { tier: 'Standard', versions: [] };
    const bytes = Buffer.byteLength(Value);
    if (stored.versions.length > 0 && !Overwrite) throw awsError('ParameterAlreadyExists');
    if ((stored.versions.at(-1)?.type ?? Type) !== Type) throw awsError('HierarchyTypeMismatchException');
    if (Tier === 'Standard' && stored.tier === 'Advanced') {
      throw awsError('ValidationException', 'This parameter uses the advanced-parameter tier.');
    }
    if (bytes === 0 || Value.includes('{{') || bytes > (Tier === 'Standard' ? 4096 : 8192)) {
      throw awsError('ValidationException', `Value of ${bytes} bytes refused`);
    }
    if (stored.versions.length === MAX_VERSIONS) {
      if (stored.versions[0]?.labels.size) throw awsError('ParameterMaxVersionLimitExceeded');
      stored.versions.shift();
    }
    this.#time += 17;
    const version = (stored.versions.at(-1)?.version ?? 0) + 1;
    const description = Description ?? stored.versions.at(-1)?.description;
    const modified = new Date(this.#time);
    stored.versions.push({ value: Value, type: Type, version, modified, labels: new Set(), description });
    if (bytes > 4096) stored.tier = 'Advanced';
    this.#parameters.set(Name, stored);
    return { Version: version, Tier: stored.tier };
  }

  #delete(name = '') {
    this.#existing(name);
    this.#parameters.delete(name);
    return {};
  }

  #list({ Path = '', MaxResults = 10, NextToken = '0' }) {
    if (MaxResults > 10) throw awsError('ValidationException', 'MaxResults is at most 10');
    const [start = 0, seen] = NextToken.split(':').map(Number);
    if (this.emptyPages && seen === undefined) return { Parameters: [], NextToken: `${start}:1` };
    const names = [...this.#parameters.keys()].filter((name) => name.startsWith(Path)).sort();
    const Parameters = names
      .slice(start, start + MaxResults)
      .map((name) => parameter(name, this.#parameters.get(name)?.versions.at(-1)));
    const next = start + MaxResults;
    return { Parameters, ...(next < names.length ? { NextToken: `${next}` } : {}) };
  }

  #history({ Name = '', MaxResults = 50, NextToken = '0' }) {
    if (MaxResults > 50) throw awsError('ValidationException', 'MaxResults is at most 50');
    const { versions } = this.#existing(Name);
    const start = Number(NextToken);
    const page = versions.slice(start, start + MaxResults);
    const next = start + MaxResults;
    return {
      Parameters: page.map((version) => ({
        ...parameter(Name, version),
        Labels: [...version.labels],
        Description: version.description,
        LastModifiedUser: WRITER,
      })),
      ...(next < versions.length ? { NextToken: `${next}` } : {}),
    };
  }

  #version(name: string | undefined, version: number | undefined): Version {
    const found = this.#existing(name).versions.find((each) => each.version === version);
    if (!found) throw awsError('ParameterVersionNotFound');
    return found;
  }

  #label({
    Name,
    ParameterVersion,
    Labels = [],
  }: {
    Name?: string;
    ParameterVersion?: number;
    Labels?: string[];
  }) {
    const { labels } = this.#version(Name, ParameterVersion);
    if (new Set([...labels, ...Labels]).size > MAX_LABELS)
      throw awsError('ParameterVersionLabelLimitExceeded');
    const valid = Labels.filter((label) => LABEL.test(label));
    for (const label of valid) {
      for (const version of this.#existing(Name).versions) version.labels.delete(label);
      labels.add(label);
    }
    return { InvalidLabels: Labels.filter((label) => !valid.includes(label)) };
  }

  #unlabel({
    Name,
    ParameterVersion,
    Labels = [],
  }: {
    Name?: string;
    ParameterVersion?: number;
    Labels?: string[];
  }) {
    const { labels } = this.#version(Name, ParameterVersion);
    if (Labels.length > MAX_LABELS) throw awsError('ValidationException', 'At most 10 labels');
    const RemovedLabels = Labels.filter((label) => labels.delete(label));
    return { RemovedLabels, InvalidLabels: Labels.filter((label) => !RemovedLabels.includes(label)) };
  }
}

function mockSsm(client: SSMClient) {
  return mockClient(client);
}

function parameter(Name: string | undefined, version: Version | undefined) {
  return {
    Name,
    Type: version?.type,
    Value: version?.value,
    Version: version?.version,
    LastModifiedDate: version?.modified,
  };
}
