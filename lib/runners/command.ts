/**
 * A runner that runs a program. Its settings are in command-environ.ts, the bounds of its output in program-output.ts. It
 * runs until the program has ended and its output is closed, as under cron; when the run is aborted, all processes of the
 * program's group are ended.
 */
import { CloudtabError, ConfigurationError, messageOf } from '../core/domain/errors.ts';
import { iso } from '../core/domain/iso.ts';
import { type Clock, pause } from '../core/ports/clock.ts';
import type { Program, ProgramCommand, ProgramEnd } from '../core/ports/programs.ts';
import { COMMAND_FIELDS, commandProblems, programCommand } from './command-environ.ts';
import { commandsRefusal } from './limits.ts';
import { outputOfRun, type ProgramOutput, reportDropped } from './program-output.ts';
import { Runner } from './runner.ts';

/** From SIGTERM to SIGKILL, in milliseconds: less than the engine waits for an aborted run. */
const TERMINATION_GRACE_MS = 1_500;
const POLL_MS = 50;

export class CommandRunner extends Runner {
  static readonly summary = 'Runs a program or a line of shell, and expects the exit code 0.';
  static readonly environ = COMMAND_FIELDS;
  static readonly check = commandProblems;

  async run() {
    const refusal = commandsRefusal(this.tools.limits);
    if (refusal) throw new ConfigurationError(`The command was not run. ${refusal}`);
    const command = programCommand(this.environ);
    const output = outputOfRun({ logger: this.log, redactedStream: () => this.redactedStream() });
    const end = await this.#end(command, output);
    this.signal.throwIfAborted();
    if (end.code === 0) return;
    const reason = end.signal === null ? `exit code ${end.code}` : `ended by the signal ${end.signal}`;
    const { lastErrors } = output;
    throw new CloudtabError(lastErrors === '' ? reason : `${reason}: ${lastErrors}`);
  }

  /** Runs the program to its end, or to the end of its group after an abort. */
  async #end(command: ProgramCommand, output: ProgramOutput): Promise<ProgramEnd> {
    this.signal.throwIfAborted();
    const program = this.#start(command, output);
    let termination: Promise<void> | undefined;
    const abort = () => {
      termination = terminate(program, this.tools.clock);
    };
    this.signal.addEventListener('abort', abort, { once: true });
    try {
      return await program.ended;
    } catch (error) {
      throw startError(command, error);
    } finally {
      this.signal.removeEventListener('abort', abort);
      await termination;
      reportDropped(this.log, await output.end());
    }
  }

  #start(command: ProgramCommand, output: ProgramOutput): Program {
    const env = { CLOUDTAB_TOKEN: this.token, CLOUDTAB_PLANNED_AT: iso(this.plannedAt), ...command.env };
    try {
      return this.tools.programs.start({ ...command, env }, (stream, bytes) => output.take(stream, bytes));
    } catch (error) {
      throw startError(command, error);
    }
  }
}

/** Asks all processes of the group to end, and kills those that have not ended after the grace. */
async function terminate(program: Program, clock: Clock): Promise<void> {
  program.kill('SIGTERM');
  for (let waited = 0; waited < TERMINATION_GRACE_MS && program.isAlive(); waited += POLL_MS)
    await pause(clock, POLL_MS);
  program.kill('SIGKILL');
  program.abandon();
}

/** The system's own message does not say whether the program or its directory is missing. */
function startError({ file, cwd }: ProgramCommand, error: unknown): CloudtabError {
  const place = cwd === undefined ? 'in the home directory' : `in the directory "${cwd}"`;
  return new CloudtabError(
    `The program "${file}" could not be started ${place}: ${messageOf(error)}. Check that both exist and may be used.`,
  );
}
