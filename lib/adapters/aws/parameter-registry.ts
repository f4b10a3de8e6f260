/**
 * The Registry in Parameter Store: the parameters `/<root>/<site>/crontab` and `/<root>/<site>/crons/<uid>`. Leaves
 * validation of their values to others, and the secrets under `/<root>/<site>/secrets/` to SsmSecrets.
 */
import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  LabelParameterVersionCommand,
  type ParameterHistory,
  type ParameterTier,
  PutParameterCommand,
  type SSMClient,
  type Parameter as StoredParameter,
  UnlabelParameterVersionCommand,
} from '@aws-sdk/client-ssm';
import { InvalidError, UnavailableError } from '../../core/domain/errors.ts';
import { type ParameterKey, parameterName, parseParameterName } from '../../core/domain/names.ts';
import { sizeProblems } from '../../core/domain/parameter-size.ts';
import { formatValue, type Problem } from '../../core/domain/problem.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Parameter, Registry, Version } from '../../core/ports/registry.ts';
import { retryUntilDefined } from '../../core/ports/retry.ts';
import { describeAuthor, parseAuthor } from './author-description.ts';
import { awsErrorName, ignoring, translatingErrors } from './errors.ts';
import { isRejectionLabel, rejectionLabels } from './rejection-labels.ts';

/** `root` is the first level of the parameters' names; `clock` times the delays between reads. */
export interface ParameterRegistryParts {
  readonly client: SSMClient;
  readonly root: string;
  readonly clock: Clock;
}

/** The size limit of parameters of the standard tier, which is free. The advanced tier holds twice as much. */
const STANDARD_BYTES = 4096;

/** A level of a parameter's name. */
const LEVEL = /^[A-Za-z0-9_.-]{1,200}$/;

/** The delays before a read that did not return the version just written is repeated. */
const READ_DELAYS_MS = [50, 200, 800];

/** The largest pages of GetParametersByPath and GetParameterHistory. */
const PATH_PAGE = 10;
const HISTORY_PAGE = 50;

export class ParameterRegistry implements Registry {
  readonly #client: SSMClient;
  readonly #root: string;
  readonly #clock: Clock;
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor({ client, root, clock }: ParameterRegistryParts) {
    this.#client = client;
    this.#root = root;
    this.#clock = clock;
  }

  async read(key: ParameterKey): Promise<Parameter | undefined> {
    if (!isNameable(key)) return undefined;
    const Name = parameterName(this.#root, key);
    const answer = await this.#asking(`read ${Name}`, () =>
      ignoring(['ParameterNotFound'], this.#client.send(new GetParameterCommand({ Name }))),
    );
    return answer?.Parameter && toParameter(key, answer.Parameter);
  }

  async *list(): AsyncIterable<Parameter> {
    const Path = `/${this.#root}/`;
    let NextToken: string | undefined;
    // An empty page is not always the last one; the last one has no token.
    do {
      const command = new GetParametersByPathCommand({
        Path,
        Recursive: true,
        MaxResults: PATH_PAGE,
        NextToken,
      });
      const page = await this.#asking(`list ${Path}`, () => this.#client.send(command));
      for (const stored of page.Parameters ?? []) {
        const key = parseParameterName(this.#root, stored.Name ?? '');
        if (key) yield toParameter(key, stored);
      }
      NextToken = page.NextToken;
    } while (NextToken);
  }

  async write(key: ParameterKey, value: string, author?: string): Promise<Parameter> {
    const problems = parameterProblems(key, value);
    if (problems.length > 0) throw new InvalidError(problems);
    const Name = parameterName(this.#root, key);
    const version = await this.#inTurn(() =>
      this.#asking(`write ${Name}`, () => this.#put(Name, value, author)),
    );
    // Only a read returns the time of the write, and reads are eventually consistent.
    const written = await retryUntilDefined(this.#clock, READ_DELAYS_MS, async () => {
      const parameter = await this.read(key);
      return parameter && parameter.version >= version ? parameter : undefined;
    });
    if (written) return written;
    throw new UnavailableError(
      `Cannot read ${Name} in Parameter Store: version ${version} was written, but reads do not return it yet. ` +
        'Nothing is lost: read it again later.',
    );
  }

  async remove(key: ParameterKey): Promise<void> {
    if (!isNameable(key)) return;
    const Name = parameterName(this.#root, key);
    await this.#inTurn(() =>
      this.#asking(`remove ${Name}`, () =>
        ignoring(['ParameterNotFound'], this.#client.send(new DeleteParameterCommand({ Name }))),
      ),
    );
  }

  async labelRejected({ version, ...key }: Parameter, problems: readonly Problem[]): Promise<void> {
    const Name = parameterName(this.#root, key);
    const labels = rejectionLabels(problems);
    await this.#asking(`label ${Name}`, async () => {
      // Parameter Store moves a label that is added to another version, but keeps the labels of other reasons.
      await this.#unlabel(Name, (labelled, label) => labelled !== version || !labels.includes(label));
      const command = new LabelParameterVersionCommand({ Name, ParameterVersion: version, Labels: labels });
      // Ten labels of the user leave no room for more. The projection and the events report the rejection, too.
      const harmless = [
        'ParameterNotFound',
        'ParameterVersionNotFound',
        'ParameterVersionLabelLimitExceeded',
      ];
      await ignoring(harmless, this.#client.send(command));
    });
  }

  async unlabelRejected(key: ParameterKey, version: number): Promise<void> {
    if (!isNameable(key)) return;
    const Name = parameterName(this.#root, key);
    await this.#asking(`unlabel ${Name}`, () => this.#unlabel(Name, (labelled) => labelled === version));
  }

  async history(key: ParameterKey): Promise<Version[]> {
    if (!isNameable(key)) return [];
    const Name = parameterName(this.#root, key);
    const versions = await this.#asking(`read the history of ${Name}`, () => this.#versions(Name));
    return versions.map(toVersion).sort((a, b) => b.version - a.version);
  }

  /** Writes, and returns the new version. */
  async #put(Name: string, Value: string, author?: string): Promise<number> {
    const Description = author === undefined ? undefined : describeAuthor(author, Value);
    const put = async (Tier: ParameterTier) => {
      const input = { Name, Value, Type: 'String', Overwrite: true, Description, Tier } as const;
      const { Version = 0 } = await this.#client.send(new PutParameterCommand(input));
      return Version;
    };
    if (Buffer.byteLength(Value) > STANDARD_BYTES) return await put('Intelligent-Tiering');
    try {
      return await put('Standard');
    } catch (error) {
      // An advanced parameter cannot return to the standard tier, even when its value is short.
      if (awsErrorName(error) !== 'ValidationException' || !/tier/i.test(String(error))) throw error;
      return await put('Intelligent-Tiering');
    }
  }

  /** Removes the rejection labels that match from all versions. */
  async #unlabel(Name: string, matches: (version: number, label: string) => boolean): Promise<void> {
    for (const { Version = 0, Labels = [] } of await this.#versions(Name)) {
      const old = Labels.filter((label) => isRejectionLabel(label) && matches(Version, label));
      if (old.length === 0) continue;
      const command = new UnlabelParameterVersionCommand({ Name, ParameterVersion: Version, Labels: old });
      await ignoring(['ParameterNotFound', 'ParameterVersionNotFound'], this.#client.send(command));
    }
  }

  /** All versions that Parameter Store keeps; none when the parameter does not exist. */
  async #versions(Name: string): Promise<ParameterHistory[]> {
    const versions: ParameterHistory[] = [];
    let NextToken: string | undefined;
    do {
      const history = new GetParameterHistoryCommand({ Name, MaxResults: HISTORY_PAGE, NextToken });
      const page = await ignoring(['ParameterNotFound'], this.#client.send(history));
      versions.push(...(page?.Parameters ?? []));
      NextToken = page?.NextToken;
    } while (NextToken);
    return versions;
  }

  /**
   * One write after the other: Parameter Store takes some three a second, and of several that compete for them one would be
   * throttled until it has no attempt left.
   */
  #inTurn<T>(write: () => Promise<T>): Promise<T> {
    const written = this.#lastWrite.then(write);
    this.#lastWrite = written.catch(() => undefined);
    return written;
  }

  #asking<T>(what: string, call: () => Promise<T>): Promise<T> {
    return translatingErrors(`Cannot ${what} in Parameter Store`, call);
  }
}

function toParameter(
  key: ParameterKey,
  { Value = '', Version = 0, LastModifiedDate, Type = 'String' }: StoredParameter,
): Parameter {
  return {
    ...key,
    value: Value,
    version: Version,
    modified: LastModifiedDate?.getTime() ?? 0,
    ...(Type !== 'String' && { wrongType: Type }),
  };
}

function toVersion(stored: ParameterHistory): Version {
  const { Value: value = '', Version: version = 0, LastModifiedDate, LastModifiedUser: writer } = stored;
  const author = parseAuthor(stored.Description, value);
  return { value, version, modified: LastModifiedDate?.getTime() ?? 0, writer, author };
}

/** Whether a parameter can have this name; if not, it does not exist. */
function isNameable({ site, uid = 'crontab' }: ParameterKey): boolean {
  return LEVEL.test(site) && LEVEL.test(uid);
}

/** Why Parameter Store cannot store the value under this name. */
function parameterProblems({ site, uid }: ParameterKey, value: string): Problem[] {
  const problems = sizeProblems(value);
  const add = (where: string, got: string, wanted: string, fix: string) =>
    problems.push({ where, got, wanted, fix });
  const level = 'letters, digits, dots, underscores and dashes';
  if (!LEVEL.test(site)) add('site', formatValue(site), level, 'Choose another site.');
  if (uid !== undefined && !LEVEL.test(uid)) add('uid', formatValue(uid), level, 'Choose another uid.');
  if (value === '') add('value', 'nothing', 'some text', 'Write JSON, or remove the parameter.');
  if (value.includes('{{')) {
    add('value', '"{{"', 'no two opening braces in a row', 'Write "\\u007b{" in JSON text instead.');
  }
  return problems;
}
